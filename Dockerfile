# The release image: the static binary and nothing else. image-budget builds and
# gates it itself, see budgets/image-budget.yaml.
FROM scratch
LABEL org.opencontainers.image.title="image-budget" \
      org.opencontainers.image.description="Keeps container images inside their budget" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY bin/release/image-budget /usr/local/bin/image-budget
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/image-budget"]
