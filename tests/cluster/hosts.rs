//! GNU parallel over ssh: two names of this machine, with an ssh daemon and keys of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::page::{assert_same_as_run, blocks, folder, run_block};
use crate::processes::{Process, end, has, is_soon, kill_all, of_folder, path};
use crate::slurm::free_ports;

/// The folder in which the daemon looks for the privileges that it drops; it cannot be told another one.
const PRIVILEGES: &str = "/run/sshd";

/// An ssh daemon; it ends when it is dropped.
struct SshDaemon {
    folder: PathBuf,
    daemon: Child,
}

impl SshDaemon {
    /// Starts a daemon in a folder, with a file `config` for `ssh`, in which `node1` and `node2` are this machine.
    fn start(folder: &Path) -> SshDaemon {
        fs::create_dir_all(folder).unwrap();
        fs::create_dir_all(PRIVILEGES).unwrap();
        let place = |name: &str| folder.join(name).display().to_string();
        for name in ["host-key", "user-key"] {
            let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &place(name)]).status();
            assert!(made.unwrap().success());
        }
        let [port] = free_ports();
        let program = Path::new(env!("CARGO_BIN_EXE_cometsim")).parent().unwrap().display();
        let server = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile {}\nStrictModes no\n\
             UsePAM no\nPasswordAuthentication no\nSetEnv PATH={program}:{}\n",
            place("host-key"),
            place("user-key.pub"),
            place("pid"),
            path()
        );
        fs::write(place("sshd_config"), server).unwrap();
        let client = format!(
            "Host node1 node2\nHostName 127.0.0.1\nPort {port}\nIdentityFile {}\nIdentitiesOnly yes\n\
             UserKnownHostsFile {}\nStrictHostKeyChecking accept-new\nLogLevel ERROR\n",
            place("user-key"),
            place("known")
        );
        fs::write(place("config"), client).unwrap();
        let log = fs::File::create(place("log")).unwrap();
        // It starts itself again for each connection, by its absolute path.
        let found = Command::new("sh").args(["-c", "command -v sshd"]).env("PATH", path()).output().unwrap();
        let sshd = String::from_utf8(found.stdout).unwrap();
        let mut command = Command::new(sshd.trim());
        command.args(["-D", "-e", "-f", &place("sshd_config")]).stdin(Stdio::null()).stderr(log);
        let ssh = SshDaemon { folder: folder.to_owned(), daemon: command.spawn().unwrap() };
        let answers = || {
            let said = Command::new("ssh").args(["-F", &place("config"), "node1", "true"]).output().unwrap();
            said.status.success()
        };
        assert!(is_soon(Duration::from_secs(10), answers), "{}", fs::read_to_string(place("log")).unwrap());
        ssh
    }
}

impl Drop for SshDaemon {
    fn drop(&mut self) {
        end(&mut self.daemon);
        let left = || of_folder(&self.folder).iter().map(Process::shown).collect::<Vec<String>>();
        let is_alone = is_soon(Duration::from_secs(5), || left().is_empty());
        let words = format!("processes stay behind: {:?}", left());
        kill_all(&self.folder);
        assert!(is_alone || std::thread::panicking(), "{words}");
    }
}

#[test]
fn tasks_on_hosts() {
    if !has(&["sshd", "ssh", "ssh-keygen", "parallel"]) {
        return;
    }
    let scratch = folder();
    let ssh = SshDaemon::start(scratch.path("ssh").as_ref());
    scratch.file("hosts", "node1\nnode2\n");
    let config = ssh.folder.join("config").display().to_string();
    let environment = [("PARALLEL_SSH", format!("ssh -F {config}")), ("PARALLEL_HOME", scratch.path("parallel"))];
    for block in blocks("GNU parallel", "sh") {
        run_block(&scratch, &block, &environment);
    }
    let log = fs::read_to_string(ssh.folder.join("log")).unwrap();
    let connections = log.lines().filter(|line| line.starts_with("Accepted publickey")).count();
    assert!(connections > 8, "a connection for each of the 8 tasks: {log}");
    assert_same_as_run(&scratch);
}
