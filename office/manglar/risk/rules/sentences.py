"""What a run says, in one sentence that a council member reads once."""


def pab_words(amount: float, language: str = "es") -> str:
    """An amount with three figures, as people say it: B/. 18.4 millones."""
    for size, es, en in ((1e6, "millones", "million"), (1, "", "")):
        if abs(amount) >= size:
            number = float(f"{amount / size:.3g}")
            word = en if language == "en" else es
            return f"B/. {number:,.10g} {word}".strip()
    return f"B/. {amount:.2f}"


def people_words(count: float) -> str:
    """How many people, with two figures."""
    return f"{float(f'{count:.2g}'):,.10g}"


def division_sentence(
    name: str, *, damage: tuple[float, float, float], people: tuple[float, float, float], language: str = "es"
) -> str:
    """What is expected in one division by year; each triple is the mean and its 90% limits."""
    mean, low, high = (pab_words(value, language) for value in damage)
    hurt, least, most = (people_words(value) for value in people)
    if language == "en":
        return (
            f"In {name}, {mean} of earthquake damage is expected in any one year (between {low} and {high}, 90% "
            f"interval); on average, {hurt} people a year (between {least} and {most}) would be inside buildings with "
            "extensive or complete damage."
        )
    return (
        f"En {name} se esperan {mean} de daño por terremotos en un año cualquiera (entre {low} y {high}, con 90% de "
        f"confianza); en promedio, {hurt} personas al año (entre {least} y {most}) estarían en edificios con daño "
        "extenso o completo."
    )
