// What servers written in Go do besides messages: goroutines on threads, children, files, sockets,
// signals. Prints one line for each, so that two runs can be compared.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
}

func threads() {
	var group sync.WaitGroup
	var sum atomic.Int64
	barrier := make(chan struct{})
	for i := range 12 {
		group.Add(1)
		go func() {
			defer group.Done()
			runtime.LockOSThread() // a thread of its own, which ends with the goroutine
			<-barrier
			for range 1000 {
				sum.Add(int64(i))
			}
		}()
	}
	close(barrier)
	group.Wait()
	fmt.Println("threads", sum.Load())
	debug.SetGCPercent(20)
	var kept [][]byte
	for i := range 2000 {
		kept = append(kept[max(0, len(kept)-50):], make([]byte, 20000+i))
	}
	runtime.GC()
	debug.FreeOSMemory()
	fmt.Println("collected", len(kept))
}

func children() {
	output, err := exec.Command("/bin/sh", "-c", "echo $((6 * 7)); exit 3").Output()
	var exit *exec.ExitError
	fmt.Println("exit", strings.TrimSpace(string(output)), errors.As(err, &exit), exit.ExitCode())
	cat := exec.Command("cat")
	cat.Stdin = strings.NewReader(strings.Repeat("through a pipe ", 10000))
	piped, err := cat.Output()
	check(err)
	fmt.Println("pipe", len(piped))
	limited, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	fmt.Println("killed", exec.CommandContext(limited, "sleep", "100").Run())
	group := exec.Command("sh", "-c", "sleep 100")
	group.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	check(group.Start())
	check(syscall.Kill(-group.Process.Pid, syscall.SIGTERM))
	fmt.Println("group", group.Wait())
	fmt.Println("missing", errors.Is(exec.Command("/no/such/program").Run(), os.ErrNotExist))
}

func digest(path string) string {
	data, err := os.ReadFile(path)
	check(err)
	return fmt.Sprintf("%x", sha256.Sum256(data))[:16]
}

func files() {
	data := bytes.Repeat([]byte("abc"), 100000)
	check(os.MkdirAll("a/b/c", 0o755))
	check(os.WriteFile("a/one", data, 0o644))
	from, err := os.Open("a/one")
	check(err)
	to, err := os.Create("a/two")
	check(err)
	copied, err := io.Copy(to, from) // copy_file_range, and what follows where that is missing
	check(err)
	check(syscall.Flock(int(to.Fd()), syscall.LOCK_EX|syscall.LOCK_NB))
	check(to.Sync())
	to.Close()
	from.Close()
	fmt.Println("copy", copied, digest("a/two"))
	near, err := os.Create("a/far")
	check(err)
	far, err := os.Open("/usr/share/common-licenses/GPL-3") // another file system
	check(err)
	_, err = io.Copy(near, far)
	check(err)
	near.Close()
	far.Close()
	fmt.Println("far", digest("a/far"))
	check(os.Symlink("one", "a/link"))
	check(os.Rename("a/two", "a/moved"))
	check(os.Truncate("a/moved", 10))
	check(os.Chtimes("a/one", time.Unix(1, 0), time.Unix(2, 0)))
	var names []string
	check(filepath.WalkDir("a", func(path string, entry os.DirEntry, err error) error {
		names = append(names, path)
		return err
	}))
	fmt.Println("walk", names)
	memory, err := syscall.Mmap(-1, 0, 1<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	check(err)
	check(syscall.Munmap(memory))
	check(os.RemoveAll("a"))
}

func sockets() {
	check(os.WriteFile("sent", bytes.Repeat([]byte("x"), 500000), 0o644))
	for _, where := range [][2]string{{"tcp", "127.0.0.1:0"}, {"tcp", "[::1]:0"}, {"unix", "socket"}} {
		listener, err := net.Listen(where[0], where[1])
		check(err)
		go func() {
			peer, err := listener.Accept()
			check(err)
			io.Copy(peer, peer) // splice, and what follows where that is missing
			peer.Close()
		}()
		peer, err := net.Dial(where[0], listener.Addr().String())
		check(err)
		go func() {
			file, err := os.Open("sent")
			check(err)
			io.Copy(peer, file) // sendfile, and what follows where that is missing
			file.Close()
			peer.(interface{ CloseWrite() error }).CloseWrite()
		}()
		received, err := io.ReadAll(peer)
		check(err)
		peer.Close()
		listener.Close()
		fmt.Println("echo", where[0], len(received))
	}
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	check(err)
	_, err = packets.WriteTo([]byte("hello"), packets.LocalAddr())
	check(err)
	buffer := make([]byte, 10)
	count, _, err := packets.ReadFrom(buffer)
	check(err)
	fmt.Println("datagram", string(buffer[:count]))
	interfaces, err := net.Interfaces()
	check(err)
	fmt.Println("interfaces", len(interfaces) > 0)
}

func main() {
	threads()
	children()
	files()
	sockets()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	check(syscall.Kill(os.Getpid(), syscall.SIGUSR1))
	fmt.Println("signal", <-signals)
	ticker := time.NewTicker(5 * time.Millisecond)
	for range 3 {
		<-ticker.C
	}
	fmt.Println("processors", runtime.NumCPU() > 0)
}
