//! OpenLDAP with its contributed password modules: `slappasswd` makes values, and a server of its own takes keyward's.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use keyward::password::{Dialect, Wrapping, recognise, schemes};

use crate::support::{OpenLdap, run};
use crate::{least_cost, secret};

const PASSWORD: &str = "Größe 34!2axf";

/// What `slappasswd -h` calls them, and keyward.
const MADE: [(&str, &str); 16] = [
    ("{MD5}", "MD5"),
    ("{SMD5}", "SMD5"),
    ("{SHA}", "SHA"),
    ("{SSHA}", "SSHA"),
    ("{SHA256}", "SHA256"),
    ("{SHA384}", "SHA384"),
    ("{SHA512}", "SHA512"),
    ("{SSHA256}", "SSHA256"),
    ("{SSHA384}", "SSHA384"),
    ("{SSHA512}", "SSHA512"),
    ("{PBKDF2}", "PBKDF2"),
    ("{PBKDF2-SHA1}", "PBKDF2-SHA1"),
    ("{PBKDF2-SHA256}", "PBKDF2-SHA256"),
    ("{PBKDF2-SHA512}", "PBKDF2-SHA512"),
    ("{ARGON2}", "ARGON2"),
    ("{CRYPT}", "CRYPT"),
];
const MODULES: [&str; 3] = ["pw-sha2", "pw-pbkdf2", "argon2"];

#[test]
fn the_table_names_openldap_where_openldap_judges() {
    for scheme in schemes().filter(|scheme| scheme.judge == Some("OpenLDAP")) {
        assert!(scheme.dialects.contains(&Dialect::OpenLdap));
        assert!(
            MADE.iter().any(|(_, name)| *name == scheme.name),
            "{scheme:?}"
        );
    }
}

#[test]
fn keyward_verifies_what_slappasswd_makes() {
    let Some(openldap) = OpenLdap::here() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    fs::write(&file, PASSWORD).unwrap();
    for (scheme, name) in MADE {
        let mut command = openldap.command("slappasswd");
        let modules = openldap.modules();
        command.args(["-o", &format!("module-path={}", modules.display())]);
        // It loads one.
        let module = match name {
            "ARGON2" => "argon2",
            name if name.starts_with("PBKDF2") => "pw-pbkdf2",
            _ => "pw-sha2",
        };
        command.args(["-o", &format!("module-load={module}")]);
        match scheme {
            // The format of the salt stands for the scheme.
            "{CRYPT}" => command.args(["-c", "$6$%.16s"]),
            _ => command.args(["-h", scheme]),
        };
        command.args(["-n", "-T"]).arg(&file);
        let stored = run(command, "").of_success().stdout;
        let hash = recognise(&stored, Some(Dialect::OpenLdap)).unwrap();
        assert_eq!(hash.scheme().name, name);
        assert!(hash.verify(&secret(PASSWORD)).unwrap(), "{stored}");
        assert!(!hash.verify(&secret("Größe 34!2axF")).unwrap(), "{stored}");
    }
}

#[test]
fn slapd_takes_what_keyward_makes() {
    let Some(openldap) = OpenLdap::here() else {
        return;
    };
    let of_openldap = schemes().filter(|scheme| scheme.dialects.contains(&Dialect::OpenLdap));
    let made: Vec<String> = of_openldap
        .filter(|scheme| scheme.produces())
        .map(|scheme| scheme.hash(&secret(PASSWORD), least_cost(scheme)).unwrap())
        .collect();
    assert_eq!(made.len(), 6);
    let server = serve(&openldap, &made);
    for (index, stored) in made.iter().enumerate() {
        assert!(server.accepts(index, PASSWORD), "{stored}");
        assert!(!server.accepts(index, "Größe 34!2axF"), "{stored}");
    }
}

#[test]
fn slapd_takes_what_keyward_makes_for_it_and_no_envelope_for_a_password() {
    let Some(openldap) = OpenLdap::here() else {
        return;
    };
    let dialect = Some(Dialect::OpenLdap);
    let old = recognise("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", dialect).unwrap();
    let (mut new, mut envelopes) = (Vec::new(), Vec::new());
    for name in Wrapping::names_in(dialect) {
        let cost = match name {
            "argon2id" => 1,
            "bcrypt" => 4,
            _ => 1000,
        };
        let wrapping = Wrapping::in_dialect(name, Some(cost), dialect).unwrap();
        new.push(wrapping.hash(&secret(PASSWORD)).unwrap());
        envelopes.push(wrapping.wrap(&old).unwrap());
    }
    assert_eq!(new.len(), 4);
    let plain = Wrapping::new("argon2id", Some(1)).unwrap();
    let plain = plain.wrap(&old).unwrap();
    let stored = [&new[..], &envelopes, std::slice::from_ref(&plain)].concat();
    let server = serve(&openldap, &stored);
    for (index, stored) in stored.iter().enumerate() {
        assert_eq!(server.accepts(index, PASSWORD), index < new.len());
        // Without braces it would be a password.
        assert_eq!(server.accepts(index, stored), *stored == plain, "{stored}");
    }
}

/// A server with a suffix for each stored password, which is that of the suffix's administrator.
fn serve(openldap: &OpenLdap, stored: &[String]) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = vec![format!("modulepath {}", openldap.modules().display())];
    for module in MODULES {
        settings.push(format!("moduleload {module}"));
    }
    for (index, stored) in stored.iter().enumerate() {
        let database = folder.path().join(index.to_string());
        fs::create_dir(&database).unwrap();
        let dn = format!("cn={index}");
        settings.push(format!(
            "database ldif\nsuffix {dn}\nrootdn {}\nrootpw {stored}\ndirectory {}",
            administrator(index),
            database.display()
        ));
    }
    let configuration = folder.path().join("slapd.conf");
    fs::write(&configuration, settings.join("\n") + "\n").unwrap();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    drop(socket);
    let mut command = openldap.command("slapd");
    command
        .args(["-d", "0", "-h", &format!("ldap://127.0.0.1:{port}/"), "-f"])
        .arg(configuration)
        .stdin(Stdio::null());
    let child = command.spawn().unwrap();
    Server {
        child,
        port,
        _folder: folder,
    }
}

fn administrator(index: usize) -> String {
    format!("cn=root,cn={index}")
}

struct Server {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Whether a simple bind succeeds (RFC 4511, section 4.2).
    fn accepts(&self, index: usize, password: &str) -> bool {
        let name = administrator(index);
        let version = [0x02, 1, 3];
        let bind = [
            &version[..],
            &element(0x04, name.as_bytes()),
            &element(0x80, password.as_bytes()),
        ];
        let message = [&[0x02, 1, 1][..], &element(0x60, &bind.concat())].concat();
        let mut connection = self.connection();
        connection.write_all(&element(0x30, &message)).unwrap();
        // SEQUENCE, messageID 1, bindResponse, resultCode.
        let mut answer = [0; 10];
        connection.read_exact(&mut answer).unwrap();
        assert_eq!(
            (answer[0], answer[5], answer[7]),
            (0x30, 0x61, 0x0a),
            "{answer:?}"
        );
        match answer[9] {
            0 => true,
            49 => false,
            code => panic!("slapd answers with the code {code}"),
        }
    }

    /// A connection, as soon as the server is there.
    fn connection(&self) -> TcpStream {
        for _ in 0..600 {
            if let Ok(connection) = TcpStream::connect(("127.0.0.1", self.port)) {
                return connection;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("slapd does not listen");
    }
}

/// A BER element of less than 65,536 bytes.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let length: &[u8] = match content.len() {
        0..128 => &[low],
        _ => &[0x82, high, low],
    };
    [&[tag], length, content].concat()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
