"""Who may do what, on which objects: the policy, written by hand. `test_access_matrix.py` tries every line of it against the running pages.

Nothing here is derived from what the routes declare: a route that is added, removed, opened or closed has to be entered here too.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from examsrv.domain.roles import Role


class Thing(StrEnum):
    """What a route's address names, and for whom it is there."""

    NOTHING = auto()
    """No object: lists and new things; what they show is cut to the own sites by the page."""
    INSTALLATION = auto()
    """The installation as a whole: for administrators of all sites."""
    PERSON = auto()
    SITE = auto()
    ROOM = auto()
    SITTING = auto()
    SITTING_ROOM = auto()
    ATTEMPT = auto()
    BATCH = auto()
    GROUP = auto()
    """A group of examiners of a sitting."""
    SCORED_GROUP = auto()
    """A group with scripts that were handed in and scored, and a sheet."""
    SCORED_SCRIPT = auto()
    SHEET = auto()
    LED_GROUP = auto()
    """Such a group, for who leads it."""
    LED_SCRIPT = auto()
    RECUSAL = auto()
    """A declared relation to a candidate of a group."""
    UPLOAD = auto()
    """A file that somebody sent for a sitting."""
    RUN = auto()
    RUN_ATTEMPT = auto()
    RESULTS_BATCH = auto()
    """A batch, for those who administer a site with a sitting of it."""
    RESULTS_PERSON = auto()
    """Somebody's result for a level in such a batch."""
    FORM_SET = auto()
    FORM_PICTURE = auto()
    FORM = auto()
    DRAWING = auto()
    """A drawing of forms that was asked for."""
    TASK_SET = auto()
    TASK_FILE = auto()
    """A file that goes with a task: see test_admin_task_sets for those that are there."""
    SPECIFICATION = auto()
    """A level's component that forms are drawn for."""
    SPECIFICATION_NUMBER = auto()
    """One specification of such a component."""
    LEVEL = auto()
    PACK = auto()
    INSTALLED_PACK = auto()
    ITEM = auto()
    COMMENT = auto()
    CASE = auto()
    ITEM_FILE = auto()
    """A file of items that is looked over by who sent it."""
    PICTURE = auto()
    """A picture of the bank."""
    OWN_FILE = auto()
    """A file that a candidate handed over, or a picture or case file of the own paper: see test_handed_files and test_case_files for those there."""
    PANEL = auto()
    """A panel of a review, for its members."""
    HEARING = auto()
    """A candidate of a review, for the members of the panel."""
    HEARING_DOCUMENT = auto()
    """A document of such a candidate."""
    REVIEW = auto()
    """A candidate of a review, for the office."""
    REVIEW_DOCUMENT = auto()
    """A document of such a candidate."""
    DUTY = auto()
    """A sitting's room, for the proctors planned for it."""
    DUTY_SEAT = auto()
    """A candidate's attempt in such a room."""
    RECORD = auto()
    """A sitting's room that has a record: for its proctors, and for who administers or audits its site."""
    SCRIPT = auto()
    """A script that is somebody's to score, by sitting and number."""
    SCRIPT_FILE = auto()
    """A file that was handed over in such a script."""
    CASE_FILE = auto()
    """A file that goes with a task of such a script."""
    DUTY_PERSON = auto()
    """Somebody planned for such a room."""


@dataclass(frozen=True, slots=True)
class Line:
    """A route: its endpoint, the roles that may use it, and what its address names."""

    endpoint: str
    who: frozenset[Role]
    thing: Thing = Thing.NOTHING


ANYBODY = frozenset[Role]()
CANDIDATES = frozenset({Role.CANDIDATE})
STAFF = frozenset(Role) - CANDIDATES
"""Every member of staff, also without a role: about oneself only."""
OFFICE = frozenset({Role.ADMINISTRATOR})
READERS = frozenset({Role.ADMINISTRATOR, Role.AUTHOR, Role.REVIEWER})
AUTHORS = frozenset({Role.ADMINISTRATOR, Role.AUTHOR})
REVIEWERS = frozenset({Role.ADMINISTRATOR, Role.REVIEWER})
OVERSEERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
EXAMINERS = frozenset({Role.EXAMINER})
WATCHERS = frozenset({Role.PROCTOR, Role.EXAMINER})
"""Who may have a room to watch: examiners in skills for which the batch asks for no proctors."""
RECORD_READERS = WATCHERS | OVERSEERS

TABLE = (
    # what machines ask
    Line("probes.alive", ANYBODY),
    Line("probes.ready", ANYBODY),
    Line("probes.metrics", ANYBODY),
    # coming in, and the own account
    Line("auth.home", ANYBODY),
    Line("auth.first_run", ANYBODY),
    Line("auth.sign_in", ANYBODY),
    Line("auth.language", ANYBODY),
    Line("auth.sign_out", STAFF),
    Line("auth.password", STAFF),
    # the candidate
    Line("candidate.seat", ANYBODY),
    Line("candidate.sign_in", ANYBODY),
    Line("candidate.sign_out", CANDIDATES),
    Line("candidate.details", CANDIDATES),
    Line("candidate.photo", CANDIDATES),
    Line("candidate.waiting", CANDIDATES),
    Line("candidate.paper", CANDIDATES),
    Line("candidate.state", CANDIDATES),
    Line("candidate.open_paper", CANDIDATES),
    Line("candidate.steps", CANDIDATES),
    Line("candidate.beat", CANDIDATES),
    Line("candidate.hand_in", CANDIDATES),
    Line("candidate.hand_over_file", CANDIDATES),
    Line("candidate.own_file", CANDIDATES, Thing.OWN_FILE),
    Line("candidate.picture", CANDIDATES, Thing.OWN_FILE),
    Line("candidate.file_of_case", CANDIDATES, Thing.OWN_FILE),
    # the proctor
    Line("proctor.rooms", WATCHERS),
    Line("proctor.board", WATCHERS, Thing.DUTY),
    Line("proctor.live", WATCHERS, Thing.DUTY),
    Line("proctor.record", RECORD_READERS, Thing.RECORD),
    Line("proctor.sign_in", WATCHERS, Thing.DUTY),
    Line("proctor.start", WATCHERS, Thing.DUTY),
    Line("proctor.draw_stations", WATCHERS, Thing.DUTY),
    Line("proctor.pause_room", WATCHERS, Thing.DUTY),
    Line("proctor.resume_room", WATCHERS, Thing.DUTY),
    Line("proctor.give_room", WATCHERS, Thing.DUTY),
    Line("proctor.check_in_everybody", WATCHERS, Thing.DUTY),
    Line("proctor.incident", WATCHERS, Thing.DUTY),
    Line("proctor.sign_out", WATCHERS, Thing.DUTY_PERSON),
    Line("proctor.photo", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.check_in", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.settle", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.give_seat", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.pause_seat", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.resume_seat", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.unlock", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.confirm_machine", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.force_hand_in", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.seat_incident", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.message", WATCHERS, Thing.DUTY),
    Line("proctor.seat_message", WATCHERS, Thing.DUTY_SEAT),
    Line("proctor.move", WATCHERS, Thing.DUTY_SEAT),
    # the examiner
    Line("examiner.tasks", EXAMINERS),
    Line("examiner.script", EXAMINERS, Thing.SCRIPT),
    Line("examiner.save_draft", EXAMINERS, Thing.SCRIPT),
    Line("examiner.hand_in", EXAMINERS, Thing.SCRIPT),
    Line("examiner.recuse", EXAMINERS, Thing.SCRIPT),
    Line("examiner.handed_file", EXAMINERS, Thing.SCRIPT_FILE),
    Line("examiner.handed_file_shown", EXAMINERS, Thing.SCRIPT_FILE),
    Line("examiner.handed_picture", EXAMINERS, Thing.SCRIPT_FILE),
    Line("examiner.case_file", EXAMINERS, Thing.CASE_FILE),
    Line("examiner.case_file_shown", EXAMINERS, Thing.CASE_FILE),
    # the examiner: panels of reviews
    Line("examiner.panels", EXAMINERS),
    Line("examiner.panel", EXAMINERS, Thing.PANEL),
    Line("examiner.panel_live", EXAMINERS, Thing.PANEL),
    Line("examiner.draw_order", EXAMINERS, Thing.PANEL),
    Line("examiner.move", EXAMINERS, Thing.HEARING),
    Line("examiner.hearing", EXAMINERS, Thing.HEARING),
    Line("examiner.hearing_live", EXAMINERS, Thing.HEARING),
    Line("examiner.hearing_record", EXAMINERS, Thing.HEARING),
    Line("examiner.photo", EXAMINERS, Thing.HEARING),
    Line("examiner.document", EXAMINERS, Thing.HEARING_DOCUMENT),
    Line("examiner.document_shown", EXAMINERS, Thing.HEARING_DOCUMENT),
    Line("examiner.note_question", EXAMINERS, Thing.HEARING),
    Line("examiner.begin_hearing", EXAMINERS, Thing.HEARING),
    Line("examiner.pause_hearing", EXAMINERS, Thing.HEARING),
    Line("examiner.resume_hearing", EXAMINERS, Thing.HEARING),
    Line("examiner.end_hearing", EXAMINERS, Thing.HEARING),
    Line("examiner.candidate_left", EXAMINERS, Thing.HEARING),
    Line("examiner.enter_absence", EXAMINERS, Thing.HEARING),
    # the office: reviews
    Line("admin.review", OFFICE, Thing.SITTING),
    Line("admin.draw_speaking_order", OFFICE, Thing.GROUP),
    Line("admin.move_in_order", OFFICE, Thing.REVIEW),
    Line("admin.hearing_record", OFFICE, Thing.REVIEW),
    Line("admin.candidate_documents", OFFICE, Thing.REVIEW),
    Line("admin.add_documents", OFFICE, Thing.REVIEW),
    Line("admin.candidate_document", OFFICE, Thing.REVIEW_DOCUMENT),
    Line("admin.remove_document", OFFICE, Thing.REVIEW_DOCUMENT),
    # the office: the day, accounts, sites and rooms
    Line("admin.today", OFFICE),
    Line("admin.rehearsals", OFFICE, Thing.INSTALLATION),
    Line("admin.rehearsal_progress", OFFICE, Thing.INSTALLATION),
    Line("admin.stop_rehearsal", OFFICE, Thing.INSTALLATION),
    Line("admin.rehearsal_report", OFFICE, Thing.INSTALLATION),
    Line("admin.people", OFFICE),
    Line("admin.new_person", OFFICE, Thing.INSTALLATION),
    Line("admin.person", OFFICE, Thing.PERSON),
    Line("admin.change_person", OFFICE, Thing.PERSON),
    Line("admin.person_roles", OFFICE, Thing.PERSON),
    Line("admin.reset_password", OFFICE, Thing.PERSON),
    Line("admin.person_state", OFFICE, Thing.PERSON),
    Line("admin.person_bank", OFFICE, Thing.PERSON),
    Line("admin.rooms", OFFICE),
    Line("admin.new_site", OFFICE, Thing.INSTALLATION),
    Line("admin.site", OFFICE, Thing.SITE),
    Line("admin.new_room", OFFICE),
    Line("admin.room", OFFICE, Thing.ROOM),
    Line("admin.change_room", OFFICE, Thing.ROOM),
    Line("admin.add_seats", OFFICE, Thing.ROOM),
    Line("admin.set_spares", OFFICE, Thing.ROOM),
    Line("admin.remove_seats", OFFICE, Thing.ROOM),
    Line("admin.renew_codes", OFFICE, Thing.ROOM),
    Line("admin.room_labels", OFFICE, Thing.ROOM),
    # the office: sittings and their candidates
    Line("admin.sittings", OFFICE),
    Line("admin.new_sitting", OFFICE),
    Line("admin.sitting", OFFICE, Thing.SITTING),
    Line("admin.edit_sitting", OFFICE, Thing.SITTING),
    Line("admin.choose_forms", OFFICE, Thing.SITTING),
    Line("admin.publish", OFFICE, Thing.SITTING),
    Line("admin.unpublish", OFFICE, Thing.SITTING),
    Line("admin.discard_sitting", OFFICE, Thing.SITTING),
    Line("admin.add_sitting_room", OFFICE, Thing.SITTING),
    Line("admin.remove_sitting_room", OFFICE, Thing.SITTING_ROOM),
    Line("admin.set_proctors", OFFICE, Thing.SITTING_ROOM),
    Line("admin.roster", OFFICE, Thing.SITTING),
    Line("admin.look_at_roster", OFFICE, Thing.SITTING),
    Line("admin.roster_preview", OFFICE, Thing.UPLOAD),
    Line("admin.import_roster", OFFICE, Thing.UPLOAD),
    Line("admin.roster_template", OFFICE),
    Line("admin.candidate", OFFICE, Thing.ATTEMPT),
    Line("admin.remove_candidate", OFFICE, Thing.ATTEMPT),
    # the office: batches, groups of examiners
    Line("admin.batches", OFFICE),
    Line("admin.new_batch", OFFICE, Thing.INSTALLATION),
    Line("admin.batch", OFFICE, Thing.BATCH),
    Line("admin.add_groups", OFFICE, Thing.SITTING),
    Line("admin.distribute_candidates", OFFICE, Thing.SITTING),
    Line("admin.proposed_examiners", OFFICE, Thing.SITTING),
    Line("admin.apply_proposal", OFFICE, Thing.SITTING),
    Line("admin.group", OFFICE, Thing.GROUP),
    Line("admin.change_group", OFFICE, Thing.GROUP),
    Line("admin.remove_group", OFFICE, Thing.GROUP),
    Line("admin.put_candidates", OFFICE, Thing.GROUP),
    Line("admin.set_examiners", OFFICE, Thing.GROUP),
    Line("admin.declare_recusal", OFFICE, Thing.GROUP),
    Line("admin.lift_recusal", OFFICE, Thing.RECUSAL),
    Line("admin.group_arrive", OFFICE, Thing.GROUP),
    Line("admin.group_withdraw", OFFICE, Thing.GROUP),
    Line("admin.group_step_in", OFFICE, Thing.GROUP),
    Line("admin.group_lead", OFFICE, Thing.GROUP),
    Line("admin.group_reserve", OFFICE, Thing.GROUP),
    Line("admin.group_start", OFFICE, Thing.GROUP),
    # the office: marking
    Line("admin.results", OFFICE),
    Line("admin.results_sitting", OFFICE, Thing.SITTING),
    Line("admin.run", OFFICE, Thing.RUN),
    Line("admin.propose_run", OFFICE, Thing.RUN),
    Line("admin.apply_run", OFFICE, Thing.RUN),
    Line("admin.withdraw_run", OFFICE, Thing.RUN),
    Line("admin.cancel_run", OFFICE, Thing.RUN),
    Line("admin.export_run", OFFICE, Thing.RUN),
    Line("admin.explain_attempt", OFFICE, Thing.RUN_ATTEMPT),
    Line("admin.batch_results", OFFICE, Thing.RESULTS_BATCH),
    Line("admin.batch_person", OFFICE, Thing.RESULTS_PERSON),
    Line("admin.batch_file", OFFICE, Thing.RESULTS_BATCH),
    Line("admin.group_forms", OFFICE, Thing.GROUP),
    Line("admin.print_summary", OFFICE, Thing.GROUP),
    Line("admin.print_records", OFFICE, Thing.GROUP),
    Line("admin.propose_setting_aside", OFFICE, Thing.RUN),
    Line("admin.set_run_aside", OFFICE, Thing.RUN),
    Line("admin.withdraw_setting_aside", OFFICE, Thing.RUN),
    # the office: scripts that groups score
    Line("admin.scripts_of_group", OFFICE, Thing.SCORED_GROUP),
    Line("admin.script", OFFICE, Thing.SCORED_SCRIPT),
    Line("admin.call_reserves", OFFICE, Thing.SCORED_SCRIPT),
    Line("admin.call_stand_in", OFFICE, Thing.SCORED_SCRIPT),
    Line("admin.propose_reopening", OFFICE, Thing.SHEET),
    Line("admin.approve_reopening", OFFICE, Thing.SHEET),
    Line("admin.withdraw_reopening", OFFICE, Thing.SHEET),
    Line("admin.agreement", OFFICE, Thing.SCORED_GROUP),
    Line("admin.agreement_csv", OFFICE, Thing.SCORED_GROUP),
    # the leader of a group
    Line("examiner.group_day_page", EXAMINERS, Thing.LED_GROUP),
    Line("examiner.group_arrive", EXAMINERS, Thing.LED_GROUP),
    Line("examiner.group_withdraw", EXAMINERS, Thing.LED_GROUP),
    Line("examiner.group_step_in", EXAMINERS, Thing.LED_GROUP),
    Line("examiner.group_start", EXAMINERS, Thing.LED_GROUP),
    Line("examiner.group_scripts", EXAMINERS, Thing.LED_GROUP),
    Line("examiner.group_script", EXAMINERS, Thing.LED_SCRIPT),
    Line("examiner.call_reserves", EXAMINERS, Thing.LED_SCRIPT),
    Line("examiner.call_stand_in", EXAMINERS, Thing.LED_SCRIPT),
    Line("examiner.decide_script", EXAMINERS, Thing.LED_SCRIPT),
    Line("examiner.open_discussion", EXAMINERS, Thing.LED_SCRIPT),
    Line("examiner.group_agreement", EXAMINERS, Thing.LED_GROUP),
    Line("examiner.group_agreement_csv", EXAMINERS, Thing.LED_GROUP),
    # papers belong to no site
    Line("admin.papers", OFFICE),
    Line("admin.draw_papers", OFFICE),
    Line("admin.drawing", OFFICE, Thing.DRAWING),
    Line("admin.drawing_progress", OFFICE, Thing.DRAWING),
    Line("admin.stop_drawing", OFFICE, Thing.DRAWING),
    Line("admin.specifications", OFFICE),
    Line("admin.new_specification", OFFICE, Thing.LEVEL),
    Line("admin.specification", OFFICE, Thing.SPECIFICATION_NUMBER),
    Line("admin.check_specification", OFFICE, Thing.SPECIFICATION_NUMBER),
    Line("admin.specification_versions", OFFICE, Thing.SPECIFICATION_NUMBER),
    Line("admin.copy_specification", OFFICE, Thing.SPECIFICATION_NUMBER),
    Line("admin.usual_specification", OFFICE, Thing.SPECIFICATION_NUMBER),
    Line("admin.retire_specification", OFFICE, Thing.SPECIFICATION_NUMBER),
    Line("admin.revive_specification", OFFICE, Thing.SPECIFICATION_NUMBER),
    Line("admin.form_set", OFFICE, Thing.FORM_SET),
    Line("admin.form_pictures", OFFICE, Thing.FORM_SET),
    Line("admin.form_picture_csv", OFFICE, Thing.FORM_PICTURE),
    Line("admin.form_pictures_xlsx", OFFICE, Thing.FORM_SET),
    Line("admin.propose_seal", OFFICE, Thing.FORM_SET),
    Line("admin.seal_papers", OFFICE, Thing.FORM_SET),
    Line("admin.withdraw_seal", OFFICE, Thing.FORM_SET),
    Line("admin.discard_papers", OFFICE, Thing.FORM_SET),
    Line("admin.form_preview", OFFICE, Thing.FORM),
    Line("admin.form_key", OFFICE, Thing.FORM),
    Line("admin.task_set_list", OFFICE),
    Line("admin.compose_papers", OFFICE),
    Line("admin.task_set", OFFICE, Thing.TASK_SET),
    Line("admin.task_set_key", OFFICE, Thing.TASK_SET),
    Line("admin.task_set_file", OFFICE, Thing.TASK_FILE),
    # the standard and the bank belong to no site
    Line("admin.standard", READERS),
    Line("admin.standard_level", READERS, Thing.LEVEL),
    Line("admin.bank", READERS),
    Line("admin.coverage", READERS, Thing.SPECIFICATION),
    Line("admin.bank_item", READERS, Thing.ITEM),
    Line("admin.bank_item_key", READERS, Thing.ITEM),
    Line("admin.bank_changes", READERS, Thing.ITEM),
    Line("admin.bank_comment", READERS, Thing.ITEM),
    Line("admin.bank_settle", READERS, Thing.COMMENT),
    Line("admin.bank_tag", READERS, Thing.PACK),
    Line("admin.bank_tags", READERS, Thing.PACK),
    Line("admin.bank_rename_tag", READERS, Thing.PACK),
    Line("admin.bank_drafts", AUTHORS, Thing.PACK),
    Line("admin.bank_send", AUTHORS, Thing.ITEM),
    Line("admin.bank_take_back", AUTHORS, Thing.ITEM),
    Line("admin.bank_revise", AUTHORS, Thing.ITEM),
    Line("admin.bank_discard", AUTHORS, Thing.ITEM),
    Line("admin.bank_discard_case", AUTHORS, Thing.CASE),
    Line("admin.bank_import", AUTHORS, Thing.PACK),
    Line("admin.bank_read_file", AUTHORS, Thing.PACK),
    Line("admin.bank_template", AUTHORS, Thing.PACK),
    Line("admin.bank_import_preview", AUTHORS, Thing.ITEM_FILE),
    Line("admin.bank_bring_in", AUTHORS, Thing.ITEM_FILE),
    Line("admin.bank_discard_import", AUTHORS, Thing.ITEM_FILE),
    Line("admin.bank_export", READERS, Thing.PACK),
    Line("admin.bank_export_file", READERS, Thing.PACK),
    Line("admin.bank_reviews", REVIEWERS, Thing.PACK),
    Line("admin.bank_review", REVIEWERS, Thing.ITEM),
    Line("admin.bank_return", REVIEWERS, Thing.ITEM),
    Line("admin.bank_approve", REVIEWERS, Thing.ITEM),
    Line("admin.bank_retire", REVIEWERS, Thing.ITEM),
    Line("admin.bank_revive", REVIEWERS, Thing.ITEM),
    Line("admin.bank_new", AUTHORS, Thing.PACK),
    Line("admin.bank_begin", AUTHORS, Thing.PACK),
    Line("admin.bank_edit", AUTHORS, Thing.ITEM),
    Line("admin.bank_draft_saved", AUTHORS, Thing.ITEM),
    Line("admin.bank_draft_preview", AUTHORS, Thing.ITEM),
    Line("admin.bank_case_edit", AUTHORS, Thing.CASE),
    Line("admin.bank_case_saved", AUTHORS, Thing.CASE),
    Line("admin.bank_picture", READERS, Thing.PICTURE),
    Line("admin.bank_picture_taken_in", frozenset({Role.ADMINISTRATOR, Role.AUTHOR})),
    Line("admin.bank_checks", READERS, Thing.PACK),
    Line("admin.bank_packs", OFFICE),
    Line("admin.import_pack", OFFICE, Thing.INSTALLED_PACK),
    # the audit
    Line("admin.audit", OVERSEERS),
    Line("admin.verify_audit", OVERSEERS),
)
