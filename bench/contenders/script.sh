#!/bin/sh
# The jobs as curl and xargs do them: script.sh JOB, as many calls at a time as PARALLEL says. Keeps the ports' ids in
# the file "ids". Nothing is tried again; what failed, curl's last words tell.
set -eu
api=$PROXIES_API_URL/v1/ports
# The key in a file: other users of the machine see arguments.
umask 077
printf 'header = "X-API-Key: %s"\nheader = "Content-Type: application/json"\n' "$PROXIES_API_KEY" > curlrc

each() { # each METHOD SUFFIX [BODY], for the ids on standard input
  xargs -P "$PARALLEL" -I ID curl -K curlrc --silent --show-error --fail --output /dev/null \
    --request "$1" ${3:+--data "$3"} "$api/ID$2"
}

case $1 in
create)
  mkdir created
  seq "$PORTS" | xargs -P "$PARALLEL" -I N curl -K curlrc --silent --show-error --fail --output created/N \
    --data '{"countryId":"'"$COUNTRY"'","expiresAt":2592000}' "$api"
  node -p 'fs.readdirSync("created").map((file) => JSON.parse(fs.readFileSync(`created/${file}`)).id).join("\n")' > ids
  each PATCH /rotation-settings '{"enabled":true,"intervalSeconds":900}' < ids
  each PUT /credentials '{"proxyLogin":"team","proxyPassword":"password"}' < ids
  test "$(wc -l < ids)" -eq "$PORTS"
  ;;
refresh) each GET '' < ids ;;
change) head -n "$CHANGED" ids | each PATCH /rotation-settings '{"enabled":true,"intervalSeconds":600}' ;;
destroy) each DELETE '' < ids ;;
esac
