"""The CMS families of Iranian news and government sites, one file each."""
