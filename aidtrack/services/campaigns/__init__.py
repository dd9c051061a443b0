"""Programmes of aid, what families may have by them, and how far the shelf goes. Rules of fairness are
`domain.entitlement`.
"""

from aidtrack.services.campaigns.allowances import (
    GIVE,
    NONE_LEFT,
    NOT_TODAY,
    OTHER_WINDOW,
    AllowanceRow,
    SizeRow,
    allowances,
    coverings,
    family_of,
    judge,
    try_rules,
)
from aidtrack.services.campaigns.demand import Fits, RuleReach, enough_for, fits, pace, reach
from aidtrack.services.campaigns.rules import (
    CampaignRow,
    RuleRow,
    campaign_rows,
    rule_rows,
    run_campaign,
    running_rules,
    save_campaign,
    save_rule,
    stop_campaign,
    taken_out,
)
from aidtrack.services.campaigns.starter import (
    ProgrammePack,
    import_programme,
    load_programme,
    programme_packs,
    usual_rule,
)
from aidtrack.services.campaigns.switching import switch_item, switches

__all__ = [
    "GIVE",
    "NONE_LEFT",
    "NOT_TODAY",
    "OTHER_WINDOW",
    "AllowanceRow",
    "CampaignRow",
    "Fits",
    "ProgrammePack",
    "RuleReach",
    "RuleRow",
    "SizeRow",
    "allowances",
    "campaign_rows",
    "coverings",
    "enough_for",
    "family_of",
    "fits",
    "import_programme",
    "judge",
    "load_programme",
    "pace",
    "programme_packs",
    "reach",
    "rule_rows",
    "run_campaign",
    "running_rules",
    "save_campaign",
    "save_rule",
    "stop_campaign",
    "switch_item",
    "switches",
    "taken_out",
    "try_rules",
    "usual_rule",
]
