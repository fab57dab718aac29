"""One unit of work: every family of tables on one connection, in one transaction, at one moment."""

from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from bot.store.accounts import Accounts
from bot.store.audit import Audit
from bot.store.belongings import Belongings
from bot.store.cards import Cards
from bot.store.contents import Contents
from bot.store.deliveries import Deliveries
from bot.store.documents import Documents
from bot.store.echoes import Echoes
from bot.store.events import Events
from bot.store.exposure import Exposure
from bot.store.fanout import Fanout
from bot.store.handed_in import HandedInThings
from bot.store.inbound import Inbound
from bot.store.jobs import Jobs
from bot.store.letters import Letters
from bot.store.notice_reports import NoticeReports
from bot.store.notices import Notices
from bot.store.people import People
from bot.store.phones import Phones
from bot.store.platform_events import PlatformEvents
from bot.store.privacy import Privacy
from bot.store.proposals import Proposals
from bot.store.questions import Questions
from bot.store.queues import Queues
from bot.store.requests import Requests
from bot.store.retention import Retention
from bot.store.roster import Roster
from bot.store.sessions import Sessions
from bot.store.templates import Templates
from bot.store.transcripts import Transcripts
from bot.store.wake import Ring
from bot.store.windows import Windows
from bot.store.zalo_tokens import ZaloTokens


class Work:
    """What a function that touches the database gets. `now` is the same for all it writes."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self.conn = conn
        self.now = now
        # What other processes are told once this is committed (bot.store.wake): only a hint.
        self.rings: set[Ring] = set()

    @cached_property
    def events(self) -> Events:
        return Events(self.conn, self.now)

    @cached_property
    def people(self) -> People:
        return People(self.conn, self.now)

    @cached_property
    def roster(self) -> Roster:
        return Roster(self.conn, self.now)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.conn, self.now)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self.conn, self.now)

    @cached_property
    def phones(self) -> Phones:
        return Phones(self.conn, self.now)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.conn, self.now)

    @cached_property
    def inbound(self) -> Inbound:
        return Inbound(self.conn, self.now)

    @cached_property
    def letters(self) -> Letters:
        return Letters(self.conn, self.now)

    @cached_property
    def notices(self) -> Notices:
        return Notices(self.conn, self.now)

    @cached_property
    def notice_reports(self) -> NoticeReports:
        return NoticeReports(self.conn, self.now)

    @cached_property
    def fanout(self) -> Fanout:
        return Fanout(self.conn, self.now)

    @cached_property
    def queues(self) -> Queues:
        return Queues(self.conn, self.now)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.conn, self.now)

    @cached_property
    def transcripts(self) -> Transcripts:
        return Transcripts(self.conn, self.now)

    @cached_property
    def handed_in(self) -> HandedInThings:
        return HandedInThings(self.conn, self.now)

    @cached_property
    def contents(self) -> Contents:
        return Contents(self.conn, self.now)

    @cached_property
    def documents(self) -> Documents:
        return Documents(self.conn, self.now)

    @cached_property
    def requests(self) -> Requests:
        return Requests(self.conn, self.now)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self.conn, self.now)

    @cached_property
    def proposals(self) -> Proposals:
        return Proposals(self.conn, self.now)

    @cached_property
    def privacy(self) -> Privacy:
        return Privacy(self.conn, self.now)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self.conn, self.now)

    @cached_property
    def exposure(self) -> Exposure:
        return Exposure(self.conn, self.now)

    @cached_property
    def belongings(self) -> Belongings:
        return Belongings(self.conn, self.now)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.conn, self.now)

    @cached_property
    def zalo_tokens(self) -> ZaloTokens:
        return ZaloTokens(self.conn, self.now)

    @cached_property
    def windows(self) -> Windows:
        return Windows(self.conn, self.now)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.conn, self.now)

    @cached_property
    def templates(self) -> Templates:
        return Templates(self.conn, self.now)

    @cached_property
    def echoes(self) -> Echoes:
        return Echoes(self.conn, self.now)

    @cached_property
    def platform_events(self) -> PlatformEvents:
        return PlatformEvents(self.conn, self.now)
