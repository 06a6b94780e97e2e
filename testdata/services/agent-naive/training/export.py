"""Trains the classifier and exports its weights: python -m training.export

Training needs torch; serving needs the weights alone.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import torch

from app.features import FEATURES, vectorizer
from app.model import QUEUES, WEIGHTS

TICKETS = Path(__file__).parent.parent / "data" / "tickets.csv"
STEPS = 400


def train() -> torch.nn.Linear:
    torch.manual_seed(1)
    torch.set_num_threads(1)
    tickets = pd.read_csv(TICKETS)
    queues = list(pd.read_csv(QUEUES)["queue"])
    x = torch.tensor(vectorizer().transform(tickets["text"]).toarray(), dtype=torch.float32)
    y = torch.tensor([queues.index(q) for q in tickets["queue"]])
    model = torch.nn.Linear(FEATURES, len(queues))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(STEPS):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    return model


if __name__ == "__main__":
    model = train()
    np.savez(WEIGHTS, weight=model.weight.detach().numpy(), bias=model.bias.detach().numpy())
