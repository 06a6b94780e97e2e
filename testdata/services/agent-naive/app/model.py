"""Softmax regression on hashed words, with the weights that training exported."""

from pathlib import Path

import numpy as np
import pandas as pd

from app.features import vectorizer

HERE = Path(__file__).parent
WEIGHTS = HERE / "classifier.npz"
QUEUES = HERE / "queues.csv"


class Classifier:
    def __init__(self, weight: np.ndarray, bias: np.ndarray, queues: pd.DataFrame):
        self.weight = weight  # (queues, features)
        self.bias = bias  # (queues,)
        self.queues = queues
        self.vectorizer = vectorizer()

    @classmethod
    def load(cls) -> "Classifier":
        saved = np.load(WEIGHTS)
        return cls(saved["weight"], saved["bias"], pd.read_csv(QUEUES))

    def predict(self, text: str) -> dict:
        x = self.vectorizer.transform([text]).toarray()[0]
        logits = self.weight @ x + self.bias
        odds = np.exp(logits - logits.max())
        share = odds / odds.sum()
        best = int(share.argmax())
        queue = self.queues.iloc[best]
        return {
            "queue": str(queue["queue"]),
            "answer_within_hours": int(queue["hours"]),
            "confidence": round(float(share[best]), 2),
        }
