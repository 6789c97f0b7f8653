#!/bin/sh
# Boots a systemd of its own, as process 1 of new namespaces, with keyward's units:
#
#   unshare --fork --pid --mount --cgroup --mount-proc --kill-child sh boot.sh PROGRAM UNITS LAB
#
# PROGRAM is keyward, UNITS the folder of its unit files, LAB a folder with a configuration `secret-service.xml`, a
# `keystore-password`, a keystore `secure.p12`, units, and `verdict.sh`, which says what it has seen.
#
# A systemd that boots clears /tmp and sets the machine up. So it gets a root of its own, in memory: of the
# machine's files it sees /usr and /etc, and may write nowhere.
set -eu
program=$1 units=$2 lab=$3
mount --make-rprivate /
root=/mnt
mount -t tmpfs -o mode=0755 tmpfs $root
mkdir $root/run $root/tmp $root/var $root/root $root/proc $root/sys $root/dev $root/usr $root/etc $root/old
for directory in usr etc; do
    mount --bind /$directory $root/$directory
    mount -o remount,bind,ro $root/$directory
done
for link in bin sbin lib lib64; do
    [ ! -L /$link ] || cp -a /$link $root/$link
done
mount -t tmpfs -o mode=0755 tmpfs $root/run
mkdir -p $root/run/systemd/system/keyward.service.d $root/run/lab $root/run/lock
cp "$program" "$lab"/* $root/run/lab
mv "$root/run/lab/$(basename "$program")" $root/run/lab/program
cp "$units"/keyward.service "$units"/*.socket "$lab"/*.service $root/run/systemd/system
chmod 0755 $root/run/lab $root/run/lab/program
chmod 0644 $root/run/lab/secret-service.xml
chown 1:1 $root/run/lab/secure.p12
for device in null zero full random urandom; do
    : >$root/dev/$device
    mount --bind /dev/$device $root/dev/$device
done
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount --move /proc $root/proc
mount --rbind /sys $root/sys
pivot_root $root $root/old
umount -l /old
# As a systemd finds it that was not told of a container; credentials are mounted and must spread.
mount --make-rshared /

# What differs from an installation: where the program and its files are, an account that is there already, and
# that nothing else is started.
cat >/run/systemd/system/keyward.service.d/lab.conf <<EOF
[Unit]
DefaultDependencies=no
[Service]
ExecStart=
ExecStart=/run/lab/program serve /run/lab/secret-service.xml
LoadCredential=
LoadCredential=keystore-password:/run/lab/keystore-password
User=daemon
Group=daemon
LogsDirectory=
BindPaths=/run/lab
StandardError=append:/run/lab/log
EOF
for unit in keyward keyward-credentials; do
    mkdir /run/systemd/system/$unit.socket.d
    printf '[Unit]\nDefaultDependencies=no\n' >/run/systemd/system/$unit.socket.d/lab.conf
done
cat >/run/systemd/system/lab.service <<EOF
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/sh /run/lab/verdict.sh
StandardOutput=append:/run/lab/result
StandardError=inherit
ExecStopPost=/bin/mv /run/lab/result /run/lab/verdict
EOF
cat >/run/systemd/system/lab.target <<EOF
[Unit]
DefaultDependencies=no
Wants=lab.service
EOF
exec env container=lab /lib/systemd/systemd --system --unit=lab.target --log-target=console --show-status=no
