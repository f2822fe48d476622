#!/bin/sh
# Trains one yes/no classifier for each trigger of core/escalation.c that has one, from the lines of
# scripts/train/escalation.tsv (triggers with commas between, or "-", TAB text). Options go to
# train-linear.mjs.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/train
for trigger in remodel angry elec plumb; do
    awk -F '\t' -v want="$trigger" 'BEGIN { OFS = FS }
        { yes = index("," $1 ",", "," want ","); print yes ? "yes" : "no", $2 }' \
        scripts/train/escalation.tsv > "build/train/escalation_$trigger.tsv"
    node scripts/train-linear.mjs "escalation_$trigger" "build/train/escalation_$trigger.tsv" \
        --features features_escalation --bits 13 "$@"
done
