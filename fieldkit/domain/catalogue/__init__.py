"""The market of health software as its sources describe it: who makes what, and what it can do.

Every fact carries its `Provenance`. Two sources that disagree are two facts. A cell that a source lost is
`Status.UNKNOWN`, which is never "no". Text that a source does not give is the empty string; dates are ISO,
as precise as the source is (`2021`, `2021-06`, `2024-01-08`). Identifiers start with their kind
(`editor:pharmagest`, `product:vega`, `service:ADRi`, `label:…`, `contact:…`), so none is shared by two kinds;
`entry_id` makes those of what has a name.
"""

from fieldkit.domain.catalogue.companies import Contact, Editor, EditorLink, EditorMention, Membership
from fieldkit.domain.catalogue.devices import Device, KnownDevices
from fieldkit.domain.catalogue.figures import (
    COHORT,
    Criterion,
    DeploymentFigure,
    Equipment,
    GlossaryEntry,
    MarketFigure,
    ServiceSegment,
    TimelineEvent,
)
from fieldkit.domain.catalogue.groups import Branch, Group, group
from fieldkit.domain.catalogue.labels import PRO_PS, Label, LabelHolder, LabelType, new_label
from fieldkit.domain.catalogue.products import (
    READERS,
    FormerEditor,
    Product,
    ProductKind,
    ProductVersion,
    read_kind,
    reads_mobile,
)
from fieldkit.domain.catalogue.services import (
    Addendum,
    Amendment,
    Integration,
    IntegrationTable,
    Milestone,
    Service,
)
from fieldkit.domain.catalogue.sources import Provenance, Status, entry_id
from fieldkit.domain.catalogue.whole import Catalogue, latest, merged, unmatched, without_contacts

__all__ = [
    "COHORT",
    "PRO_PS",
    "READERS",
    "Addendum",
    "Amendment",
    "Branch",
    "Catalogue",
    "Contact",
    "Criterion",
    "DeploymentFigure",
    "Device",
    "Editor",
    "EditorLink",
    "EditorMention",
    "Equipment",
    "FormerEditor",
    "GlossaryEntry",
    "Group",
    "Integration",
    "IntegrationTable",
    "KnownDevices",
    "Label",
    "LabelHolder",
    "LabelType",
    "MarketFigure",
    "Membership",
    "Milestone",
    "Product",
    "ProductKind",
    "ProductVersion",
    "Provenance",
    "Service",
    "ServiceSegment",
    "Status",
    "TimelineEvent",
    "entry_id",
    "group",
    "latest",
    "merged",
    "new_label",
    "read_kind",
    "reads_mobile",
    "unmatched",
    "without_contacts",
]
