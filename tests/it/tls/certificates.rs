//! Authorities, and the certificates that they sign, made for one test and written as the PEM files that programs read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// An authority of nobody's making but this test's.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate.
    pub(super) file: PathBuf,
}

/// A certificate and its key.
pub(super) struct Certified {
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

/// Until when a certificate is good.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    Later,
    LongAgo,
}

impl Authority {
    pub(super) fn new(folder: &Path, name: &str) -> Self {
        let mut params = named(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let file = folder.join(format!("{name}.pem"));
        fs::write(&file, params.self_signed(&key).unwrap().pem()).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            file,
        }
    }

    /// A certificate for these names and addresses; for a caller where there are none.
    pub(super) fn sign(&self, name: &str, hosts: &[&str], until: Until) -> Certified {
        let mut params = named(name, hosts);
        let usage = if hosts.is_empty() {
            ExtendedKeyUsagePurpose::ClientAuth
        } else {
            ExtendedKeyUsagePurpose::ServerAuth
        };
        params.extended_key_usages = vec![usage];
        if until == Until::LongAgo {
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let cert = params.signed_by(&key, &self.issuer).unwrap();
        let file = |ending: &str| self.file.with_file_name(format!("{name}.{ending}.pem"));
        let certified = Certified {
            cert: file("cert"),
            key: file("key"),
        };
        fs::write(&certified.cert, cert.pem()).unwrap();
        fs::write(&certified.key, key.serialize_pem()).unwrap();
        certified
    }
}

fn named(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}
