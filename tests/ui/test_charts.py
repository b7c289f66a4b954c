"""Charts and their tables: scales, dates, words beside colour, nothing that cannot be told apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from fieldkit.ui import theme
from fieldkit.ui.models.figures import PART, FiguresModel, plots, share, topics
from fieldkit.ui.models.series import Point, Series, in_words, moment, short_number, ticks
from fieldkit.ui.widgets.chart import MOST, Chart, draw_chart

GROWTH = Series("taux de déploiement", (Point("2021-06", 76, "76 %"), Point("2023-12", 95.1, "95,1 %")))
USERS = Series("PS utilisateurs", (Point("2021-06", 84, "84 %"), Point("2023-12", 88, "> 88 %")))


def fact(value: float | None, as_of: str, **more: object) -> dict[str, object]:
    """One value of an indicator."""
    told = {"qualifier": "", "as_written": f"{value or 0:g}", "source": "Étude", "locator": "p. 3"}
    return {"value": value, "as_of": as_of, **told, **more}


def indicator(metric: str, unit: str, *points: dict[str, object], topic: str = "INSi") -> dict[str, object]:
    """One indicator, as the service returns it."""
    return {"topic": topic, "metric": metric, "unit": unit, "points": list(points)}


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_a_scale_starts_at_zero_and_covers_every_value(highest: float) -> None:
    scale = ticks(highest)
    assert scale[0] == 0
    assert scale[-1] >= highest * (1 - 1e-6)
    assert 2 <= len(scale) <= 6
    steps = {round((after - before) / scale[1], 6) for before, after in pairwise(scale)}
    assert steps == {1.0}


@pytest.mark.parametrize(
    ("highest", "scale"),
    [(96, [0, 25, 50, 75, 100]), (0, [0, 1]), (4.9, [0, 2, 4, 6]), (40, [0, 10, 20, 30, 40])],
)
def test_a_scale_has_round_values(highest: float, scale: list[float]) -> None:
    assert ticks(highest) == scale


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (2.5, "2,5"), (75, "75"), (1000, "1 000"), (250_000, "250 000"), (2.5e7, "25 M")],
)
def test_an_axis_is_short(value: float, told: str) -> None:
    assert short_number(value) == told


def test_a_date_stands_where_it_is_as_precise_as_it_is() -> None:
    assert moment("2021") == 2021.5
    assert (
        moment("2021-01-01") < moment("2021-01") < moment("2021-02") < moment("2021") < moment("2021-12-31")
    )
    assert moment("2021-12-31") < moment("2022-01-01")


def test_a_chart_tells_its_figures_in_words(qtbot: QtBot) -> None:
    chart = Chart("c", "Déploiement")
    qtbot.addWidget(chart)
    chart.show_series([GROWTH, USERS], "%")
    assert chart.accessibleName() == "Graphique : Déploiement"
    assert chart.accessibleDescription() == in_words([GROWTH, USERS])
    assert "taux de déploiement : 76 % en 06/2021, 95,1 % en 12/2023" in chart.accessibleDescription()
    keys = [label.text() for label in chart.findChildren(QLabel)]
    assert keys == ["Taux de déploiement", "PS utilisateurs"]
    chart.show_series([GROWTH], "%")
    assert [label for label in chart.findChildren(QLabel) if label.isVisibleTo(chart)] == []


@pytest.mark.parametrize("size", [100, 200])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_each_series_is_drawn_in_its_own_colour(qapp: QApplication, mode: str, size: int) -> None:
    theme.apply(qapp, mode, size)
    series = [
        Series(str(n), (Point("2021", 20.0 * n + 10, "a"), Point("2023", 20.0 * n + 15, "b")))
        for n in range(MOST)
    ]
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.colors().card))
    painter = QPainter(image)
    draw_chart(painter, QRectF(0, 0, 600, 400), series, "%", qapp.font())
    painter.end()
    drawn = {image.pixelColor(x, y).name().upper() for x in range(0, 600, 2) for y in range(0, 400)}
    palette = theme.colors()
    assert {palette.accent, palette.warning, palette.success, palette.info, palette.border} <= drawn
    theme.apply(qapp, "light", 100)


def test_nothing_to_draw_is_no_fault(qapp: QApplication) -> None:
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    draw_chart(painter, QRectF(0, 0, 10, 10), [], "", qapp.font())
    painter.end()
    assert image.pixelColor(5, 5) == QColor(0, 0, 0)


def test_shares_share_a_chart_and_counts_do_not() -> None:
    shares = [indicator(str(n), "%", fact(n, "2021"), fact(n, "2023")) for n in range(MOST + 1)]
    counts = [indicator("appels", "appels", fact(3, "2021"), fact(4, "2023"))]
    once = [indicator("une fois", "%", fact(3, "2021"), fact(4, "2021"))]
    drawn = plots([*shares, *counts, *once], MOST)
    assert [(len(plot.series), plot.unit) for plot in drawn] == [(MOST, "%"), (1, "%"), (1, "appels")]
    assert drawn[2].title == "Appels"


def test_points_are_drawn_oldest_first() -> None:
    (drawn,) = plots([indicator("m", "", fact(2, "2023-12"), fact(1, "2021-06"))], MOST)
    assert [point.value for point in drawn.series[0].points] == [1, 2]


def test_topics_keep_their_order() -> None:
    found = [
        indicator("m", "", fact(1, "2021"), topic=topic) for topic in ("zèbre", "PRO-PS", "zèbre", "Âne")
    ]
    assert topics(found) == ["zèbre", "PRO-PS", "Âne"]


def test_what_is_no_number_is_in_the_table_only() -> None:
    words = fact(None, "2023", as_written="en tête")
    found = [indicator("rang", "", fact(4, "2021"), words)]
    assert plots(found, MOST) == []
    model = FiguresModel()
    model.show(found)
    assert [model.index(row, 2).data() for row in range(2)] == ["en tête", "4"]


@pytest.mark.parametrize(
    ("metric", "unit", "value", "part"),
    [
        ("taux de déploiement", "%", 47.5, 0.475),
        ("progression depuis juillet 2022", "%", 43.0, None),
        ("utilisateurs, évolution depuis janvier 2023", "%", 41.7, None),
        ("PS équipés", "PS", 40.0, None),
        ("taux", "%", 140.0, None),
        ("taux", "%", None, None),
    ],
)
def test_a_growth_is_no_part_of_a_whole(
    metric: str, unit: str, value: float | None, part: float | None
) -> None:
    assert share(metric, unit, value) == part


def test_the_table_has_every_value_the_latest_first_with_its_source() -> None:
    model = FiguresModel()
    model.show(
        [
            indicator(
                "utilisateurs", "PS", fact(3451, "2021-06", as_written="3 451"), fact(90159, "2023-12")
            ),
            indicator("réussite", "%", fact(97.3, "2023-12", qualifier=">", as_written="97,3")),
        ]
    )
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    assert rows == [
        ["Utilisateurs", "12/2023", "90159 PS", "Étude"],
        ["Utilisateurs", "06/2021", "3 451 PS", "Étude"],
        ["Réussite", "12/2023", "> 97,3 %", "Étude"],
    ]
    assert model.describe(model.index(2, 0)) == "Réussite : > 97,3 %. Source : Étude, 12/2023 (p. 3)."
    parts = [model.index(row, 2).data(PART) for row in range(3)]
    assert parts == [None, None, pytest.approx(0.973)]
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Utilisateurs : 90159 PS")
