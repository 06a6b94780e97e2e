"""Support agent: says which queue a ticket belongs to."""

from fastapi import FastAPI
from pydantic import BaseModel

from app.model import Classifier

app = FastAPI(title="support-agent")
classifier = Classifier.load()


class Ticket(BaseModel):
    text: str


@app.get("/health")
def health() -> dict:
    return {"status": "ok"}


@app.post("/predict")
def predict(ticket: Ticket) -> dict:
    return classifier.predict(ticket.text)
