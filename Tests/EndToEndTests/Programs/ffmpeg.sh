# A test video and a tone, encoded by several threads, then read back. Frames are the same in every run.
set -e
ffmpeg=$1
quiet='-hide_banner -loglevel error -nostdin'
"$ffmpeg" $quiet -f lavfi -i testsrc=size=320x240:rate=25:duration=2 \
  -f lavfi -i sine=frequency=440:duration=2 -c:v libx264 -preset veryfast -threads 4 \
  -x264-params threads=4:lookahead-threads=1 -c:a aac -flags +bitexact -fflags +bitexact video.mp4
"$ffmpeg" -hide_banner -nostdin -i video.mp4 2>&1 | grep -oE 'Video: h264|320x240|Audio: aac|Duration: [0-9:.]+'
"$ffmpeg" $quiet -i video.mp4 -threads 4 -map 0:v -f framemd5 - | grep -v '^#' | md5sum
"$ffmpeg" $quiet -i video.mp4 -vf scale=160:120 -frames:v 10 -threads 4 picture%02d.png
ls picture*.png | wc -l
"$ffmpeg" $quiet -i video.mp4 -c copy -f matroska - | "$ffmpeg" $quiet -i - -map 0:v -f framemd5 - |
  grep -c '^0,'
