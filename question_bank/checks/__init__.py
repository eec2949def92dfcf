"""What a reviewer would object to in a bank. Each objection is one small function from a pack to faults; `check_bank` asks them all."""

from collections.abc import Callable

from question_bank.checks import coverage, keys, records, similarity, tasks, wording
from question_bank.message import Fault
from question_bank.pack import Pack

CHECKS: tuple[Callable[[Pack], list[Fault]], ...] = (
    records.check_ids,
    records.check_kinds,
    records.check_texts,
    records.check_ranges,
    records.check_rationales,
    records.check_samples,
    records.check_cases,
    records.check_enemies,
    records.check_second_checks,
    keys.check_runs,
    keys.check_cycles,
    keys.check_letter_spread,
    keys.check_truth_spread,
    keys.check_whole_keys,
    keys.check_longest_keys,
    keys.check_share_of_longest_keys,
    wording.check_stem_forms,
    wording.check_catch_all_options,
    wording.check_negative_stems,
    wording.check_absolute_words,
    similarity.check_equal_stems,
    similarity.check_similar_stems,
    coverage.check_tags,
    coverage.check_points_have_items,
    coverage.check_kind_shares,
    tasks.check_task_sets,
)


def check_bank(pack: Pack) -> list[Fault]:
    """Return every fault of the pack's items and task sets: those of reading first, then those of each check in turn."""
    return [*pack.faults, *(fault for check in CHECKS for fault in check(pack))]
