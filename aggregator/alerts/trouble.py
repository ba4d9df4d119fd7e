"""Which targets are not reached, and why. It loads little, as ``aggregator status`` asks it too."""

from aggregator.store.saved import Progress, Saved, Target


def state(target: Target, how: Progress) -> str:
    """How a target fares, in words."""
    if target.gone_at:
        return "wants no more"
    return how.error or ("well" if not how.given_up else "some was given up")


def troubles(saved: Saved) -> list[str]:
    """A sentence for each target whose last message did not arrive, or some of whose were given up."""
    progress = saved.progress()
    return [
        f"{search.name} does not reach {target.address}: {state(target, how)}"
        for search in saved.all()
        for target in search.targets
        if (how := progress[target.id]).error or how.given_up or target.gone_at
    ]
