//! A server on a free port that takes tokens, for tests of connecting to one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;
use usher_server::authn::Door;
use usher_server::config::{TokenOptions, TokenRole};
use usher_server::env::Env;
use usher_server::serve::{Entry, Service, listen};

use crate::client::{Target, Token, Way};

/// A server that ends with the test.
pub(crate) struct TestServer {
    address: String,
    token_file: PathBuf,
    _runtime: Runtime,
}

impl TestServer {
    /// Starts it on data in this folder, with the token of a Global admin in a file there.
    pub(crate) fn start(folder: &Path) -> Self {
        let runtime = Runtime::new().unwrap();
        let database = format!("sqlite://{}", folder.join("server.db").display());
        let options = TokenOptions {
            role: Some(TokenRole::GlobalAdmin),
            name: Some("megan".to_owned()),
            ..TokenOptions::default()
        };
        let env = Env::system();
        let config = options.complete(env.clock.now()).unwrap();
        let (address, token) = runtime.block_on(async {
            let service = Service::open(&database, env).await.unwrap();
            let token = service.create_token(&config).await.unwrap();
            let listener = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
            let address = listener.local_addr().unwrap();
            let entry = Entry {
                door: Door::Tokens {
                    requests_per_second: 0,
                },
                tls: None,
            };
            tokio::spawn(
                async move { service.serve(listener, entry, std::future::pending()).await },
            );
            (address, token)
        });
        let token_file = folder.join("token.txt");
        fs::write(&token_file, token).unwrap();
        fs::set_permissions(&token_file, fs::Permissions::from_mode(0o600)).unwrap();
        Self {
            address: format!("http://{address}"),
            token_file,
            _runtime: runtime,
        }
    }

    /// The way to it, as a Global admin.
    pub(crate) fn way(&self) -> Way {
        let mut way = Way::from(Target::Server(self.address.clone()));
        way.token = Some(Token::from_file(&self.token_file).unwrap());
        way
    }

    /// A line with the address and the token file of this server in place of those of an example.
    pub(crate) fn named_in(&self, line: &str) -> String {
        line.replace("https://usher.contoso.com:50443", &self.address)
            .replace("token.txt", &format!("'{}'", self.token_file.display()))
    }
}
