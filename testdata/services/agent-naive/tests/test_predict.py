from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_health():
    assert client.get("/health").json() == {"status": "ok"}


def test_a_login_goes_to_the_account_queue():
    answer = client.post("/predict", json={"text": "I forgot my password and cannot log in"}).json()
    assert answer["queue"] == "account"
