# Made by image-budget init; yours to edit.
IMAGE_BUDGET ?= image-budget
# Budgets to check, by name; empty for every one.
BUDGETS ?=

.PHONY: check-image
check-image: ## build and measure the images of {{.Dir}}/, compare them with their baselines
	$(IMAGE_BUDGET) check{{.Flag}} $(BUDGETS)
