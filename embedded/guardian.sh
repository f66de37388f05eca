#!/bin/sh
# Stops what the launcher left behind. The launcher tells on stdin which process began ("began SIGNAL PID") and which ended
# ("ended PID"). When stdin closes the launcher is gone, however it died; whatever is still listed is then stopped, the
# youngest first, each with its own signal and after 20 seconds with KILL. A shell, because it has to be cheap and simple.
trap '' INT TERM HUP

list=''
while read -r verb first second; do
  case $verb in
    began) list="$first:$second $list" ;;
    ended)
      kept=''
      for entry in $list; do [ "${entry#*:}" = "$first" ] || kept="$kept$entry "; done
      list=$kept
      ;;
  esac
done

for entry in $list; do
  pid=${entry#*:}
  kill -s "${entry%%:*}" "$pid" 2>/dev/null
  tenths=0
  # A process nobody has collected yet (Z) is as good as gone.
  while kill -0 "$pid" 2>/dev/null && ! ps -o stat= -p "$pid" 2>/dev/null | grep -q Z; do
    tenths=$((tenths + 1))
    [ "$tenths" -gt 200 ] && kill -s KILL "$pid" 2>/dev/null && break
    sleep 0.1
  done
done
