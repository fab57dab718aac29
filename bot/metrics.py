"""What is counted, for `/metrics`. Never a person, an address or a text as a label."""

from prometheus_client import Counter, Gauge, Histogram

ACCEPTED = Counter("donghanh_inbound_total", "Updates accepted", ["channel", "outcome"])
ZALO_EVENTS = Counter("donghanh_zalo_events_total", "Events Zalo posted", ["outcome"])
TURNS = Counter("donghanh_turns_total", "Turns answered", ["outcome"])
QUESTIONS = Counter("donghanh_questions_total", "Free questions", ["verdict"])
DELIVERIES = Counter("donghanh_deliveries_total", "Deliveries settled", ["channel", "outcome"])
SEND_SECONDS = Histogram(
    "donghanh_send_seconds",
    "From the request to the channel's answer",
    ["channel"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
REPLY_SECONDS = Histogram(
    "donghanh_reply_seconds",
    "From accepting an update to its reply leaving",
    ["channel"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
LEASE_OWNED = Gauge("donghanh_queue_owned", "1 while this process owns the queue", ["channel"])
CIRCUIT_OPEN = Gauge(
    "donghanh_circuit_open", "1 while the platform is down and only probes leave", ["channel"]
)
HANDOFF_OPEN = Gauge("donghanh_handoff_open", "Requests for a person that nobody closed")

# Of every queue in the database, whoever owns it.
_QUEUE = ("channel", "queue")
QUEUE_DEPTH = Gauge("donghanh_queue_depth", "Deliveries that may leave now", [*_QUEUE, "lane"])
QUEUE_OLDEST = Gauge(
    "donghanh_queue_oldest_seconds", "How long the oldest of them has waited", _QUEUE
)
QUEUE_RETRY = Gauge("donghanh_queue_retry", "Deliveries that are tried again later", _QUEUE)
QUEUE_CLAIMED = Gauge("donghanh_queue_claimed", "Deliveries in a sender's hands", _QUEUE)
QUEUE_LEASE = Gauge(
    "donghanh_queue_lease_seconds", "How long its owner's lease still runs", [*_QUEUE, "owner"]
)
# Used of it: the rate of donghanh_send_seconds_count.
QUEUE_RATE = Gauge("donghanh_queue_rate", "Sends a second this process may make", _QUEUE)
QUEUES = (QUEUE_DEPTH, QUEUE_OLDEST, QUEUE_RETRY, QUEUE_CLAIMED, QUEUE_LEASE, QUEUE_RATE)
