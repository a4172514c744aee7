"""Titles, labels and names for charts of every trade."""

TRAINING = {
    "falling": [
        "train/loss",
        "val/loss",
        "actor/pg_loss",
        "critic/vf_loss",
        "actor/entropy_loss",
        "eval/perplexity",
        "train/grad_norm",
        "loss",
        "validation loss",
        "train_loss_epoch",
    ],
    "rising": [
        "eval/math-eval/accuracy/mean",
        "val/acc@1",
        "critic/rewards/mean",
        "eval/gsm8k/score",
        "test/f1_macro",
        "accuracy",
        "response_length/mean",
        "val-core/aime/acc/best@8",
        "rollout/success_rate",
    ],
    "bumpy": ["actor/kl_loss", "actor/ppo_kl", "critic/kl", "actor/clip_frac", "timing_s/gen", "perf/throughput"],
    "scheduled": ["train/learning_rate", "lr", "optim/lr_group0", "schedule/beta"],
}
RUNS = [
    ["Series A", "Series B", "Series C", "Series D", "Series E", "Series F"],
    ["baseline", "ours", "w/o pretraining", "w/o warm-up", "large", "small"],
    ["grpo-7b-lr1e-6", "grpo-7b-lr5e-7", "ppo-7b", "reinforce++", "dapo-7b", "sft-init"],
    ["seed_0", "seed_1", "seed_2", "seed_3", "seed_4", "seed_5"],
    ["SGD", "Adam", "AdamW", "Lion", "RMSprop", "Adagrad"],
    ["run-0412", "run-0413", "run-0417", "run-0420", "run-0421", "run-0502"],
    ["lr=0.1", "lr=0.03", "lr=0.01", "lr=0.003", "lr=0.001", "lr=0.0003"],
    ["ResNet-18", "ResNet-50", "ViT-B/16", "ConvNeXt-T", "MLP-Mixer", "EfficientNet"],
]
SERIES = {
    "price": ["ACME", "Globex", "Initech", "Umbrella", "Hooli", "Stark", "Wayne", "Soylent", "Tyrell", "Cyberdyne"],
    "place": ["Norway", "Chile", "Kenya", "Japan", "Portugal", "India", "Canada", "Vietnam", "Poland", "Peru"],
    "city": ["Berlin", "Madrid", "Oslo", "Rome", "Lima", "Quito", "Cairo", "Delhi", "Perth", "Osaka"],
    "method": [
        "Method 1",
        "Method 2",
        "Proposed",
        "Reference",
        "Monte Carlo",
        "Newton",
        "Bisection",
        "Secant",
        "Exact",
    ],
    "host": ["node-a", "node-b", "node-c", "eu-west-1", "us-east-2", "db-primary", "db-replica", "cache", "worker-7"],
    "quantile": ["p50", "p90", "p95", "p99", "max"],
    "case": ["n = 10", "n = 100", "n = 1000", "n = 5000", "T = 300 K", "T = 350 K", "T = 400 K", "pH 7.4", "pH 5.5"],
    "group": ["Placebo", "Treatment", "Low dose", "High dose", "Control", "Group A", "Group B"],
    "product": ["Desktop", "Mobile", "Tablet", "Store", "Online", "Wholesale", "Returns", "Subscriptions"],
}
TITLES = {
    "dates": [
        "Closing prices",
        "Monthly visitors",
        "Unemployment by sector",
        "Air temperature",
        "Energy demand",
        "Web traffic",
        "New registrations",
        "Exchange rates",
        "Orders per day",
        "Water level at the gauge",
    ],
    "science": [
        "Damped oscillation",
        "Absorption spectrum",
        "Step response",
        "Convergence",
        "Signal and noise",
        "Heat flow through the wall",
        "Concentration over time",
        "Bode magnitude",
        "Phase velocity",
    ],
    "few": [
        "Accuracy by training size",
        "Sales by quarter",
        "Life expectancy",
        "Scaling with cores",
        "Mean score",
        "Results of the survey",
        "Yield per hectare",
        "Throughput",
        "Reaction time",
    ],
    "steps": ["Customers in system", "Jobs in queue", "Survival", "Cumulative share", "Replicas", "Open tickets"],
    "metrics": [
        "Request latency",
        "CPU usage",
        "Memory",
        "Requests per second",
        "Error rate",
        "Disk I/O",
        "Queue depth",
    ],
}
X_LABELS = {
    "training": ["step", "Step", "global_step", "epoch", "iteration", "x", None, None],
    "dates": [None, None, None, "date", "Date", "time"],
    "science": ["time (s)", "t", "frequency (Hz)", "wavenumber (1/cm)", "distance (mm)", "iteration", "angle (deg)"],
    "few": ["training examples", "year", "batch size", "number of cores", "dose (mg)", None],
    "steps": ["time (min)", "t", "days", "false positive rate", "waiting time"],
    "metrics": [None, "time", "seconds"],
}
Y_LABELS = {
    "training": [None, None, "y", "loss", "value"],
    "dates": ["price (USD)", "visitors", "thousand persons", "index (2015 = 100)", "MWh", "level (m)", None],
    "science": ["amplitude", "absorbance", "relative error", "voltage (mV)", "residual", "c (mol/l)", "y"],
    "few": ["accuracy", "sales", "years", "speed-up", "score", "time (ms)", "mean value"],
    "steps": ["count", "share", "customers", "survival probability", None],
    "metrics": ["ms", "requests/s", "GiB", "load", None],
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CATEGORIES = [
    MONTHS,
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ("Q1", "Q2", "Q3", "Q4", "Q5", "Q6"),
    ("XS", "S", "M", "L", "XL", "XXL"),
    ("north", "east", "south", "west", "centre"),
    ("layer 1", "layer 2", "layer 3", "layer 4", "layer 5", "layer 6"),
]
NOTES = ["peak", "outage", "policy change", "restart", "max", "new sensor", "v2.0"]
PAGE_LINES = [
    "The runs share the same data order and differ only in the settings named in the legend.",
    "We report the mean of five seeds; the first hundred steps warm up the learning rate.",
    "Values before the change of the instrument in March are not comparable with later ones.",
    "All differences vanish towards the end, where every method lies within the noise.",
    "The sample is small, and the last two points rest on fewer than ten measurements each.",
]
PAGE_TITLES = [
    "experiments / sweep-17",
    "Cluster overview",
    "Weekly report",
    "Station 42",
    "project / charts",
    "Results",
]
BUTTONS = ["Export CSV", "Refresh", "Last 6 hours", "Share", "Edit panel", "New run", "Filter"]
