"""What training and serving must agree on: how a text becomes numbers."""

from sklearn.feature_extraction.text import HashingVectorizer

FEATURES = 512


def vectorizer() -> HashingVectorizer:
    # Hashing keeps no state: there is no vocabulary to ship beside the weights.
    return HashingVectorizer(n_features=FEATURES, alternate_sign=False, norm="l2")
