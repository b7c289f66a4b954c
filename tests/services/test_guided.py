"""The result of a guided test as a test of the visit, and why one of training never becomes one."""

from __future__ import annotations

import json

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import guided, readers, training, visit_desk, visits
from fieldkit.store.fieldwork import FieldStore
from tests.hardware.guided.person import CPS3, ONE, TWO, VITALE, Table, play


def test_a_result_holds_counts_times_and_families_and_no_answer_of_a_card() -> None:
    table = Table(ONE, TWO)
    fields = guided.test_run_fields(play(table, ONE, TWO).tally)
    assert (fields["kind"], fields["verdict"]) == ("readers", "good")
    assert "KAPELSE KAP-GO, bi-fente" in fields["summary"]
    slots = fields["details"]["slots"]
    assert [(slot["insertions"], slot["answered"], slot["families"]) for slot in slots] == [
        (5, 5, ["cps3"]),
        (5, 5, ["vitale2"]),
    ]
    assert slots[0]["answer_ms"] == {"median": 0, "worst": 0}
    told = json.dumps(fields).upper()
    for answer in (CPS3, VITALE):
        assert answer.hex().upper() not in told
        assert answer.hex(" ").upper() not in told


def test_a_result_is_kept_with_the_visit(store: FieldStore) -> None:
    visit, _practice = visits.new_visit(store, practice="Cabinet")
    table = Table(ONE, TWO)
    table.insert(ONE)
    table.run.stop()
    visit_desk.attach_test(store, visit, **guided.test_run_fields(table.run.tally))
    (run,) = visits.show_visit(store, visit)["test_runs"]
    assert run["verdict"] == "not-tested"
    assert {reason["code"] for reason in run["details"]["reasons"]} == {"few", "stopped"}


def test_a_result_of_training_is_refused() -> None:
    tally = play(Table(ONE, TWO, training=True), ONE, TWO).tally
    with pytest.raises(KnownError) as refused:
        guided.test_run_fields(tally)
    assert refused.value.code == "training-result"
    assert guided.result_text(tally).startswith(training.mark())
    assert training.mark() not in guided.result_text(play(Table(ONE, TWO), ONE, TWO).tally)


def test_a_bench_of_training_says_so_and_makes_no_result() -> None:
    bench = readers.list_readers(training.start("two-slots"))
    assert bench.training
    assert readers.bench_json(bench)["training"] is True
    with pytest.raises(KnownError) as refused:
        readers.test_run_fields(bench)
    assert refused.value.code == "training-result"


def test_a_watch_over_training_says_so_of_every_bench() -> None:
    benches: list[readers.Bench] = []

    def on_bench(bench: readers.Bench) -> None:
        benches.append(bench)
        watch.stop()

    watch = readers.ReaderWatch(on_bench, scard=training.start("flaky"))
    watch.run()
    assert [bench.training for bench in benches] == [True]
