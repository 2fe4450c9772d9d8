# The shell and the usual tools: pipes, jobs, signals, links, copies, archives.
set -e
seq 1 20000 | sort --parallel=4 --random-source=/dev/zero --random-sort >shuffled
sort --parallel=4 --numeric-sort --buffer-size=100K shuffled | sha256sum
mkdir -p tree/inner
cp shuffled tree/inner/file
cp --reflink=auto --preserve=all tree/inner/file tree/copy
cp /usr/share/common-licenses/GPL-3 tree/far
md5sum <tree/far
ln tree/copy tree/hard
ln -s inner/file tree/link
touch --date=@1000000000 tree/copy
stat --format='%n %s %h %F' tree/copy tree/link
cat tree/link | head --bytes=100 | md5sum
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=a+rwX tree | sha256sum
tar --create tree | gzip --fast | tar --extract --gzip --directory=inner --file=- 2>/dev/null ||
  { mkdir inner && tar --create tree | tar --extract --directory=inner; }
diff --recursive tree inner/tree && echo same
find tree -type f -size +10k | sort | xargs --max-procs=4 --max-args=1 wc --lines | sort
mkfifo pipe
(cat pipe | wc --bytes) &
dd if=/dev/zero of=pipe bs=1k count=100 status=none
wait
trap 'echo told' USR1
kill -USR1 $$
sleep 100 &
kill $!
wait $! || echo "ended $?"
timeout 0.1 sleep 100 || echo "late $?"
nice -n 5 sh -c 'nice'
flock --nonblock tree/copy echo locked
truncate --size=1M sparse
fallocate --length 1M full 2>/dev/null || echo 'no space set aside'
split --number=4 shuffled part. && cat part.* | cmp - shuffled && echo joined
mktemp --directory | grep --count tmp
df . >/dev/null && echo room
id --user | grep --count .
uname --kernel-name
nohup echo through 2>/dev/null
env --ignore-environment sh -c 'echo ${HOME:-none}'
stty size 2>&1 | grep --count ioctl
date --date=@0 --utc +%F
tail --lines=1 shuffled >/dev/null && echo last
