# Holds a throw-away PostgreSQL cluster for as long as standard input is open.
#   $1  folder of PostgreSQL's programs
#   $2  empty folder for data, socket and log
# Prints "ready" when the server answers.
cd "$2" || exit 1
exec 2>>log
"$1/initdb" -D "$2/data" -U postgres -A trust --no-sync --encoding=UTF8 --locale=C >>log || exit 1

# fsync=off: only a power cut could lose data then, and no test here cuts the power.
"$1/pg_ctl" start -w -D "$2/data" -l "$2/log" \
	-o "-c listen_addresses='' -c unix_socket_directories='$2' -c fsync=off -c shared_buffers=32MB" >>log || exit 1
echo ready

cat >/dev/null
"$1/pg_ctl" stop -w -m immediate -D "$2/data" >>log
cd /
rm -rf "$2"
