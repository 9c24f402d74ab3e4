//! A Slurm of two nodes on this machine: its own munge, one controller, one daemon for each node, all in one folder and on
//! ports of their own, without systemd and without a database.

use std::fs::{self, DirBuilder, File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use crate::processes::{Process, end, has, is_soon, kill_all, of_folder, path};
use crate::program::Output;

/// Programs without which there is no Slurm.
const PROGRAMS: &[&str] = &["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel", "sinfo"];
pub const NODES: [&str; 2] = ["n1", "n2"];
/// How long the daemons may take until both nodes are idle.
const START: Duration = Duration::from_secs(20);
/// How long anything else may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Name of the file that keeps jobs from completing.
const HALTED: &str = "halted";
/// Ports are free when they are chosen, and another program may take one before the daemon does.
const TRIES: usize = 3;

/// The cluster; it ends when it is dropped.
pub struct Slurm {
    folder: PathBuf,
    munge: Child,
    controller: Child,
    nodes: [Child; 2],
}

impl Slurm {
    /// Starts a cluster in `FOLDER/slurm`, or says what is left out where the machine has no Slurm.
    pub fn start(folder: &Path) -> Option<Slurm> {
        if !has(PROGRAMS) {
            return None;
        }
        for attempt in 0..TRIES {
            let slurm = Slurm::try_in(folder.join(format!("slurm-{attempt}")));
            if is_soon(START, || slurm.nodes_are("idle")) {
                return Some(slurm);
            }
            let logs = ["slurmctld", "slurmd-n1", "slurmd-n2"];
            let logs = logs.map(|name| fs::read_to_string(slurm.folder.join(name)).unwrap_or_default());
            assert!(attempt + 1 < TRIES, "the nodes are not idle: {}", logs.join("\n"));
        }
        None
    }

    fn try_in(folder: PathBuf) -> Slurm {
        // Munge wants a folder that no one else can write to.
        DirBuilder::new().mode(0o711).create(&folder).unwrap();
        fs::create_dir(folder.join("state")).unwrap();
        let key = folder.join("munge.key");
        fs::write(&key, fs::read("/proc/sys/kernel/random/uuid").unwrap().repeat(4)).unwrap();
        fs::set_permissions(&key, Permissions::from_mode(0o400)).unwrap();
        fs::write(folder.join("slurm.conf"), configuration(&folder)).unwrap();
        // Jobs complete as long as there is a file of this name.
        let epilog = folder.join("epilog");
        fs::write(&epilog, format!("#!/bin/sh\nwhile [ -e {} ]; do sleep 0.1; done\n", folder.join(HALTED).display()))
            .unwrap();
        fs::set_permissions(&epilog, Permissions::from_mode(0o755)).unwrap();
        let option = |name: &str, file: &str| format!("--{name}={}", folder.join(file).display());
        let files = [
            ("key-file", "munge.key"),
            ("socket", "munge.socket"),
            ("pid-file", "munge.pid"),
            ("log-file", "munge.log"),
            ("seed-file", "munge.seed"),
        ];
        let files = files.map(|(name, file)| option(name, file));
        let options: Vec<&str> = files.iter().map(String::as_str).chain(["--foreground", "--force"]).collect();
        let munge = daemon(&folder, "munged", &options);
        assert!(is_soon(START, || folder.join("munge.socket").exists()), "munged makes no socket");
        let controller = daemon(&folder, "slurmctld", &["-D", "-c"]);
        let nodes = NODES.map(|node| daemon(&folder, "slurmd", &["-D", "-N", node]));
        Slurm { folder, munge, controller, nodes }
    }

    /// Whether all nodes are in a state.
    pub fn nodes_are(&self, state: &str) -> bool {
        let said = self.run("sinfo", &["--noheader", "--Node", "--format=%N %T", "--partition=normal"]);
        said.stdout == format!("n1 {state}\nn2 {state}\n")
    }

    /// What a user of the cluster has in the environment.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [("SLURM_CONF", self.folder.join("slurm.conf").display().to_string()), ("PATH", path())]
    }

    /// Runs a program as a user of the cluster.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Output {
        Output::of(&Command::new(program).args(arguments).envs(self.environment()).output().unwrap())
    }

    /// Runs this program as a user of the cluster.
    pub fn cometsim(&self, arguments: &[&str]) -> Output {
        self.run(env!("CARGO_BIN_EXE_cometsim"), arguments)
    }

    /// Waits until something on the cluster is true.
    pub fn wait(&self, what: &str, is_true: impl Fn() -> bool) {
        assert!(is_soon(PATIENCE, is_true), "{what}: {:?}\n{}", self.queue(), self.log());
    }

    /// What the controller has written about its jobs.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("slurmctld")).unwrap()
    }

    /// The jobs that wait or run, a line for each element of an array: job, element, state, node, number of starts.
    pub fn queue(&self) -> Vec<String> {
        let said = self.run("squeue", &["--noheader", "--array", "--format=%F %K %T %N"]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        said.stdout.lines().map(str::to_owned).collect()
    }

    /// The tasks that run on a node: processes of the program.
    pub fn tasks_on(&self, node: &str) -> Vec<Process> {
        let mut tasks = Process::with(&format!("SLURMD_NODENAME={node}\0"));
        let [(_, conf), _] = self.environment();
        tasks.retain(|process| process.mentions(&conf) && process.mentions("\0task\0"));
        tasks
    }

    /// Makes the second node die: its daemon and all that runs on it end without a word, and the controller is told, which
    /// would otherwise find out after minutes.
    pub fn kill_second_node(&mut self) {
        let node = NODES[1];
        self.nodes[1].kill().unwrap();
        self.nodes[1].wait().unwrap();
        let all = of_folder(&self.folder);
        let (there, others): (Vec<Process>, Vec<Process>) =
            all.into_iter().partition(|process| process.mentions(&format!("\0SLURMD_NODENAME={node}\0")));
        // What watches over a job of the node does not name the node.
        let is_parent = |process: &&Process| there.iter().any(|task| task.parent == process.id);
        let watching = others.iter().filter(is_parent).filter(|process| process.mentions("slurmstepd"));
        watching.chain(&there).for_each(|process| process.send(Signal::KILL));
        self.administer(&["update", &format!("NodeName={node}"), "State=DOWN", "Reason=died"]);
    }

    /// Starts the second node again.
    pub fn start_second_node(&mut self) {
        self.nodes[1] = daemon(&self.folder, "slurmd", &["-D", "-N", NODES[1]]);
    }

    /// Lets jobs that have ended complete, or not.
    pub fn let_jobs_complete(&self, may: bool) {
        let file = self.folder.join(HALTED);
        if may { fs::remove_file(file).unwrap() } else { fs::write(file, "").unwrap() }
    }

    fn administer(&self, arguments: &[&str]) {
        let said = self.run("scontrol", arguments);
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    }

    /// Ends the cluster, and requires that no process of it is left.
    pub fn end(mut self) {
        let jobs = self.queue();
        assert!(jobs.is_empty(), "jobs are left: {jobs:?}");
        self.end_daemons();
        let left = || of_folder(&self.folder).iter().map(Process::shown).collect::<Vec<String>>();
        assert!(is_soon(Duration::from_secs(5), || left().is_empty()), "processes stay behind: {:?}", left());
    }

    fn end_daemons(&mut self) {
        let [first, second] = &mut self.nodes;
        for child in [first, second, &mut self.controller, &mut self.munge] {
            end(child);
        }
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        self.end_daemons();
        let left = kill_all(&self.folder);
        assert!(left.is_empty() || std::thread::panicking(), "processes cannot be killed: {left:?}");
    }
}

/// Starts a daemon that stays a child of this process, so that nothing of it is left when it ends.
fn daemon(folder: &Path, program: &str, arguments: &[&str]) -> Child {
    let log = |name: &str| File::options().create(true).append(true).open(folder.join(name)).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(log("output")).stderr(log("output"));
    command.env_clear().env("PATH", path()).env("SLURM_CONF", folder.join("slurm.conf")).spawn().unwrap()
}

/// Ports on which nothing listens.
pub fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let listeners = [(); COUNT].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// The configuration: what is left out has the default of Slurm.
fn configuration(folder: &Path) -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let host = name.trim().split('.').next().unwrap();
    let [controller, first, second] = free_ports();
    let folder = folder.display();
    format!(
        "ClusterName=cometsim\n\
         SlurmctldHost={host}(127.0.0.1)\n\
         SlurmctldPort={controller}\n\
         SlurmUser=root\n\
         SlurmdUser=root\n\
         StateSaveLocation={folder}/state\n\
         SlurmdSpoolDir={folder}/spool-%n\n\
         SlurmctldPidFile={folder}/slurmctld.pid\n\
         SlurmdPidFile={folder}/slurmd-%n.pid\n\
         SlurmctldLogFile={folder}/slurmctld\n\
         SlurmdLogFile={folder}/slurmd-%n\n\
         AuthType=auth/munge\n\
         # A job that is put back into the queue waits as long as a credential lasts.\n\
         AuthInfo=socket={folder}/munge.socket,cred_expire=5\n\
         CryptoType=crypto/munge\n\
         ProctrackType=proctrack/linuxproc\n\
         TaskPlugin=task/none\n\
         SelectType=select/cons_tres\n\
         SelectTypeParameters=CR_CPU\n\
         SlurmdParameters=config_overrides\n\
         AccountingStorageType=accounting_storage/none\n\
         JobAcctGatherType=jobacct_gather/none\n\
         MpiDefault=none\n\
         MailProg=/bin/true\n\
         ReturnToService=2\n\
         MaxArraySize=21\n\
         KillWait=2\n\
         Epilog={folder}/epilog\n\
         # Schedule at once, and often.\n\
         SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=100000\n\
         PreemptType=preempt/partition_prio\n\
         PreemptMode=REQUEUE\n\
         NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={first} CPUs=2 RealMemory=100\n\
         NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={second} CPUs=2 RealMemory=100\n\
         PartitionName=normal Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP PriorityTier=1\n\
         PartitionName=graceful Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=1 GraceTime=2\n\
         PartitionName=urgent Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=2\n"
    )
}
