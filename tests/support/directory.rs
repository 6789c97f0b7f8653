//! [`Directory`]: a private OpenLDAP server.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

use tempfile::TempDir;

use super::left_out::leave_out;
use super::openldap::OpenLdap;
use super::program::run;

pub(crate) const BASE: &str = "dc=example,dc=com";
pub(crate) const ADMINISTRATOR: &str = "cn=admin,dc=example,dc=com";
pub(crate) const ADMINISTRATOR_PASSWORD: &str = "adminpass";

/// Killed when dropped.
pub(crate) struct Directory {
    server: Option<Child>,
    /// With the server's `certificate.pem`, and the administrator's password in `secret`.
    pub(crate) folder: TempDir,
    openldap: OpenLdap,
    port: u16,
    pub(crate) tls_port: u16,
}

impl Directory {
    /// A server of its own with one entry for each user; none, and a report, without OpenLDAP.
    pub(crate) fn start(users: &str) -> Option<Self> {
        let openldap = OpenLdap::here()?;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secret"), ADMINISTRATOR_PASSWORD).unwrap();
        if !make_certificate(folder.path()) {
            leave_out("openssl is not here, which makes the server's certificate");
            return None;
        }
        fs::create_dir(folder.path().join("data")).unwrap();
        let mut settings = String::new();
        for schema in ["core", "cosine", "inetorgperson"] {
            let file = openldap.file(&format!("etc/ldap/schema/{schema}.schema"));
            writeln!(settings, "include {}", file.display()).unwrap();
        }
        let at = folder.path().display();
        writeln!(
            settings,
            "modulepath {}\nmoduleload back_mdb\nmoduleload pw-pbkdf2\n\
             TLSCertificateFile {at}/certificate.pem\nTLSCertificateKeyFile {at}/key.pem\n\
             database mdb\nsuffix {BASE}\nrootdn {ADMINISTRATOR}\nrootpw {ADMINISTRATOR_PASSWORD}\ndirectory {at}/data\n\
             access to attrs=userPassword by anonymous auth by * none\naccess to * by * read",
            openldap.modules().display()
        )
        .unwrap();
        fs::write(folder.path().join("slapd.conf"), settings).unwrap();
        let ldif = format!(
            "dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: example\n\n{users}"
        );
        fs::write(folder.path().join("users.ldif"), ldif).unwrap();
        let mut slapadd = openldap.command("slapd");
        slapadd.args(["-T", "add", "-f"]);
        slapadd.arg(folder.path().join("slapd.conf")).arg("-l");
        slapadd.arg(folder.path().join("users.ldif"));
        run(slapadd, "").of_success();
        let mut directory = Self {
            server: None,
            folder,
            openldap,
            port: free_port(),
            tls_port: free_port(),
        };
        directory.serve();
        Some(directory)
    }

    pub(crate) fn serve(&mut self) {
        let (port, tls_port) = (self.port, self.tls_port);
        let urls = format!("ldap://127.0.0.1:{port}/ ldaps://127.0.0.1:{tls_port}/");
        let mut slapd = self.openldap.command("slapd");
        slapd.args(["-d", "0", "-h", &urls, "-f"]);
        slapd.arg(self.folder.path().join("slapd.conf"));
        self.server = Some(slapd.stdin(Stdio::null()).spawn().unwrap());
        for _ in 0..600 {
            if [port, tls_port]
                .iter()
                .all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok())
            {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("slapd does not listen");
    }

    pub(crate) fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}/{BASE}", self.port)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}

/// A certificate for 127.0.0.1 that signs itself.
fn make_certificate(folder: &Path) -> bool {
    let mut openssl = Command::new("openssl");
    openssl
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    openssl.status().is_ok_and(|status| status.success())
}

/// An entry of LDIF.
pub(crate) fn entry(uid: &str, stored: &[&str]) -> String {
    let mut entry = format!(
        "dn: uid={uid},{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: {uid}\n"
    );
    for value in stored {
        writeln!(entry, "userPassword: {value}").unwrap();
    }
    entry + "\n"
}
