"""What is counted, for `/metrics`. Never a person, an address or a text as a label."""

from prometheus_client import Counter, Gauge, Histogram

ACCEPTED = Counter("donghanh_inbound_total", "Updates accepted", ["channel", "outcome"])
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
