// What servers written in Rust do besides messages: threads, children, files, sockets. Prints one line
// for each, so that two runs can be compared.
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{mpsc, Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

fn threads() {
    let sum = Arc::new(AtomicU64::new(0));
    let (sender, receiver) = mpsc::channel();
    let workers: Vec<_> = (0..8u64)
        .map(|index| {
            let (sum, sender) = (sum.clone(), sender.clone());
            thread::Builder::new()
                .name(format!("worker-{index}"))
                .spawn(move || {
                    (0..1000).for_each(|_| { sum.fetch_add(index, Ordering::SeqCst); });
                    sender.send(index).unwrap();
                })
                .unwrap()
        })
        .collect();
    for worker in workers { worker.join().unwrap() }
    drop(sender);
    let mut told: Vec<u64> = receiver.iter().collect();
    told.sort();
    println!("threads {} {:?}", sum.load(Ordering::SeqCst), told);
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let other = pair.clone();
    thread::spawn(move || { *other.0.lock().unwrap() = true; other.1.notify_one(); });
    let mut ready = pair.0.lock().unwrap();
    while !*ready { ready = pair.1.wait(ready).unwrap() }
    println!("condition {}", *ready);
    println!("panic {}", thread::spawn(|| { std::panic::set_hook(Box::new(|_| {})); panic!() }).join().is_err());
}

fn children() {
    let shell = Command::new("/bin/sh").args(["-c", "echo $((6 * 7)); exit 3"]).output().unwrap();
    println!("exit {:?} {}", shell.status.code(), String::from_utf8_lossy(&shell.stdout).trim());
    let mut cat = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = cat.stdin.take().unwrap();
    thread::spawn(move || input.write_all(&vec![b'x'; 300_000]).unwrap());
    println!("pipe {}", cat.wait_with_output().unwrap().stdout.len());
    let mut sleeper = Command::new("sleep").arg("100").process_group(0).spawn().unwrap();
    sleeper.kill().unwrap();
    println!("killed {:?}", sleeper.wait().unwrap().signal());
    println!("missing {:?}", Command::new("/no/such/program").spawn().unwrap_err().kind());
}

fn files() -> io::Result<()> {
    fs::create_dir_all("a/b/c")?;
    fs::write("a/one", vec![b'x'; 300_000])?;
    println!("copy {}", fs::copy("a/one", "a/two")?);
    let copied = io::copy(&mut File::open("a/one")?, &mut File::create("a/three")?)?;
    println!("copy {copied}");
    println!("far {}", fs::copy("/usr/share/common-licenses/GPL-3", "a/far")?);
    fs::hard_link("a/one", "a/hard")?;
    std::os::unix::fs::symlink("one", "a/link")?;
    fs::rename("a/two", "a/moved")?;
    File::options().write(true).open("a/moved")?.set_len(10)?;
    let mut names: Vec<_> = fs::read_dir("a")?.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    println!("names {names:?} {}", fs::metadata("a/moved")?.len());
    fs::remove_dir_all("a")?;
    Ok(())
}

fn sockets() -> io::Result<()> {
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let listener = TcpListener::bind(address)?;
        let peer = listener.local_addr()?;
        let server = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            // splice, and what follows where that is missing
            io::copy(&mut &stream, &mut &stream).unwrap();
        });
        let mut stream = TcpStream::connect(peer)?;
        stream.set_nodelay(true)?;
        fs::write("sent", vec![b'x'; 200_000])?;
        let mut sender = stream.try_clone()?;
        let client = thread::spawn(move || {
            // sendfile, and what follows where that is missing
            io::copy(&mut File::open("sent").unwrap(), &mut sender).unwrap();
            sender.shutdown(Shutdown::Write).unwrap();
        });
        let mut received = Vec::new();
        stream.read_to_end(&mut received)?;
        client.join().unwrap();
        server.join().unwrap();
        println!("echo {}", received.len());
    }
    let (mut left, mut right) = UnixStream::pair()?;
    left.write_all(b"hello")?;
    let mut word = [0; 5];
    right.read_exact(&mut word)?;
    println!("pair {}", String::from_utf8_lossy(&word));
    let (left, right) = UnixDatagram::pair()?;
    left.send(b"x")?;
    println!("datagram {}", right.recv(&mut word)?);
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_millis(20)))?;
    println!("silence {:?}", socket.recv(&mut word).unwrap_err().kind());
    Ok(())
}

fn main() {
    threads();
    children();
    files().unwrap();
    sockets().unwrap();
    let begin = Instant::now();
    thread::sleep(Duration::from_millis(20));
    println!("time {}", begin.elapsed() >= Duration::from_millis(20));
    println!("processors {}", thread::available_parallelism().is_ok());
}
