"""Pages of a campaign: its dates, texts and numbers, and who takes part."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.core.i18n import show_number
from cardqueue.lib.clock import now_at
from cardqueue.organisation import queries, services
from cardqueue.organisation.current import current_scope
from cardqueue.organisation.forms import CampaignForm
from cardqueue.organisation.models import Campaign, Committee
from cardqueue.organisation.routes.blueprint import organisation
from cardqueue.organisation.routes.reach import reach_campaign
from cardqueue.organisation.words import (
    BRING_TEXT,
    CAMPAIGN_KIND_WORDS,
    DRESS_TEXT,
    LEGAL_BASIS,
    NOTE_TEXT,
    SLIP_TITLE,
)

_FIELD_OF_REFUSAL = {"DEADLINE_BEFORE_START": "deadline_on"}


@organisation.get("/organisation/campaigns/<int:campaign_id>")
@access(Role.ADMIN, Role.STATION_CHIEF, Role.COMMITTEE)
def campaign(campaign_id: int) -> ResponseReturnValue:
    """One campaign: what was decided, who takes part, when its stations are open."""
    found, scope = reach_campaign(campaign_id), current_scope()
    stations = queries.list_campaign_stations(db.session(), found.id, station_ids=scope.station_ids)
    return render_template(
        "organisation/campaign.html",
        campaign=found,
        committees=[committee for committee in found.committees if committee.id in scope.committee_ids],
        stations=stations,
        window_counts=queries.count_windows(db.session(), station_ids=[station.id for station in stations]),
        kind_words=CAMPAIGN_KIND_WORDS,
        minutes=show_number(found.minutes_per_member),
        may_edit=scope.role is Role.ADMIN,
    )


@organisation.route("/organisation/campaigns/new", methods=["GET", "POST"])
@access(Role.ADMIN)
def new_campaign() -> ResponseReturnValue:
    """Create a campaign; its texts start with what most offices say."""
    committees = _all_committees()
    provinces = {committee.province_code for committee in committees}
    form = CampaignForm(
        data={
            "kind": "exchange",
            "province_code": provinces.pop() if len(provinces) == 1 else "",
            "committee_ids": [committee.id for committee in committees] if len(committees) == 1 else [],
            "minutes_per_member": 5,
            "reserve_percent": 8,
            "early_minutes": 30,
            "late_minutes": 15,
            "chief_confirms": True,
            "legal_basis": LEGAL_BASIS,
            "slip_title": SLIP_TITLE,
            "bring_text": BRING_TEXT,
            "dress_text": DRESS_TEXT,
            "note_text": NOTE_TEXT,
        }
    )
    form.offer(queries.list_provinces(db.session()), committees)
    if form.validate_on_submit():
        try:
            made = services.create_campaign(db.session(), form.details, _chosen(form, committees))
        except Refused as refusal:
            form.show_refusal(refusal, _FIELD_OF_REFUSAL.get(refusal.reason_code, "committee_ids"))
        else:
            flash(_("Đã tạo %(name)s. Việc tiếp theo: thêm khung giờ cho từng điểm.", name=made.name), "good")
            return redirect(url_for("organisation.campaign", campaign_id=made.id))
    return render_template("organisation/campaign_form.html", form=form, campaign=None), 422 if form.errors else 200


@organisation.route("/organisation/campaigns/<int:campaign_id>/edit", methods=["GET", "POST"])
@access(Role.ADMIN)
def edit_campaign(campaign_id: int) -> ResponseReturnValue:
    """Change a campaign and the committees that take part."""
    found = reach_campaign(campaign_id)
    form = CampaignForm(data=_kept(found))
    committees = _all_committees()
    form.offer(queries.list_provinces(db.session()), committees)
    if form.validate_on_submit():
        try:
            services.change_campaign(db.session(), found, form.details, _chosen(form, committees))
        except Refused as refusal:
            form.show_refusal(refusal, _FIELD_OF_REFUSAL.get(refusal.reason_code, "committee_ids"))
        else:
            flash(_("Đã lưu %(name)s.", name=found.name), "good")
            return redirect(url_for("organisation.campaign", campaign_id=found.id))
    return render_template("organisation/campaign_form.html", form=form, campaign=found), 422 if form.errors else 200


@organisation.route("/organisation/campaigns/<int:campaign_id>/close", methods=["GET", "POST"])
@access(Role.ADMIN)
def close_campaign(campaign_id: int) -> ResponseReturnValue:
    """End a campaign, after a question."""
    found = reach_campaign(campaign_id)
    if request.method == "POST":
        services.close_campaign(db.session(), found, now_at())
        flash(_("Đã đóng %(name)s.", name=found.name), "good")
        return redirect(url_for("organisation.campaign", campaign_id=found.id))
    return render_template(
        "layouts/confirm.html",
        heading=_("Đóng %(name)s?", name=found.name),
        explanation=[
            _("Sau khi đóng, khung giờ của đợt không sửa được và không thêm đảng viên mới vào đợt."),
            _("Số liệu và nhật ký vẫn giữ nguyên. Nếu đóng nhầm, quản trị viên mở lại được."),
        ],
        confirm_text=_("Đóng đợt"),
        cancel_url=url_for("organisation.campaign", campaign_id=found.id),
        dangerous=True,
    )


@organisation.post("/organisation/campaigns/<int:campaign_id>/reopen")
@access(Role.ADMIN)
def reopen_campaign(campaign_id: int) -> ResponseReturnValue:
    """Open a campaign again that was closed too early."""
    found = reach_campaign(campaign_id)
    services.reopen_campaign(db.session(), found)
    flash(_("Đã mở lại %(name)s.", name=found.name), "good")
    return redirect(url_for("organisation.campaign", campaign_id=found.id))


def _all_committees() -> list[Committee]:
    return queries.list_committees(db.session(), committee_ids=current_scope().committee_ids)


def _chosen(form: CampaignForm, committees: list[Committee]) -> list[Committee]:
    return [committee for committee in committees if committee.id in form.committee_ids.data]


def _kept(found: Campaign) -> dict[str, object]:
    kept: dict[str, object] = {
        name: getattr(found, name) for name in services.CampaignDetails.__dataclass_fields__ if name != "kind"
    }
    return kept | {"kind": str(found.kind), "committee_ids": [committee.id for committee in found.committees]}
