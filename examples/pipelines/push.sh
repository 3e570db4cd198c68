#!/bin/sh
# Pushes a directory of manifests with curl and zip alone: push.sh <directory> [version]
# Set OMPS_SERVER, OMPS_ORG and OMPS_TOKEN ("basic …"). For archives of up to 2 MiB; the command "omps" takes larger ones.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$1" && zip -qr "$work/manifests.zip" . -x '.git/*')

# With the same key, what is sent again is the same push.
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
# The token goes by a file: the arguments of a process can be read by others.
printf 'header = "Authorization: %s"\n' "$OMPS_TOKEN" > "$work/curl.conf"

status=$(curl -sS --config "$work/curl.conf" -H "Idempotency-Key: \"$key\"" \
  --retry 5 --retry-connrefused --max-time 60 -o "$work/answer.json" -w '%{http_code}' \
  -F "file=@$work/manifests.zip" "$OMPS_SERVER/v2/$OMPS_ORG/zipfile${2:+/$2}")
cat "$work/answer.json"
echo
[ "$status" = 200 ]
