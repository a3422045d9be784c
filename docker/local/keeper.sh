#!/bin/sh
# Ends what a launcher started when the launcher itself is gone, even by kill -9.
# It is started in a session of its own and reads from a pipe that only the launcher holds:
#   pid N      watch over process N          forget N   N has ended, its number may belong to another by now
#   folder P   remove folder P at the end    done       the launcher has tidied up by itself
# The end of the pipe without "done" means that the launcher died.
# A zombie has ended; where nobody collects it, its number still answers.
alive() {
  kill -0 "$1" 2>/dev/null || return 1
  [ -r "/proc/$1/stat" ] || return 0
  case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) in Z* | '') return 1 ;; esac
}

pids=''
folders=''
while read -r word value; do
  case $word in
    pid) pids="$pids $value " ;;
    forget) pids=$(printf '%s' "$pids" | sed "s/ $value / /g") ;;
    folder) folders="$folders$value
" ;;
    done) exit 0 ;;
  esac
done
# The last started goes first: programs before the servers that they use.
reversed=''
for pid in $pids; do reversed="$pid $reversed"; done
for pid in $reversed; do
  kill -TERM "$pid" 2>/dev/null || continue
  tries=0
  while alive "$pid" && [ $tries -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  if alive "$pid"; then kill -KILL "$pid" 2>/dev/null; fi
done
printf '%s' "$folders" | while read -r folder; do
  case $folder in /*sanad-*) rm -rf -- "$folder" ;; esac
done
