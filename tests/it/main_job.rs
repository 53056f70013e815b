//! The main job on real input: the vendor's list, ten thousand people, one department licensed over one stream.

use std::{collections::BTreeMap, path::PathBuf};

use usher::v1::{
    ErrorReason, LicenseChange, ListUserLicensesRequest, ListUsersRequest, ModifyUserLicensesRequest, Outcome,
    OutcomeResult, PlanStatus, PlanSwitch, StreamLicenseChangesOptions, SwitchState,
};
use usher_tests::{
    client::{Client, refusal},
    databases::{on_postgres, on_sqlite},
    import::Table,
    load, seed,
    server::Server,
    shared_data,
};

const PRODUCTS: &str = "product-service-plans.csv";
const PEOPLE: &str = "users-entra-10k.csv";
const EXCLUSIONS: &str = "mutually-exclusive-plans.csv";
const PREREQUISITES: &str = "plan-dependencies.csv";

/// Runs a body with a connected client on each database, where the named files are there.
macro_rules! with_files {
    ($($name:ident($($file:ident),+);)+) => {$(
        mod $name {
            use super::*;

            const TEST: &str = concat!(module_path!(), "::", stringify!($name));

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                let files = [$(shared_data::path(TEST, $file)),+];
                if let [$(Some($file)),+] = paths(files) {
                    on_sqlite(async |database| {
                        let server = Server::start(&database.url);
                        super::$name(Client::connect(server.address()).await, $($file),+).await;
                    })
                    .await;
                }
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                let files = [$(shared_data::path(TEST, $file)),+];
                if let [$(Some($file)),+] = paths(files) {
                    on_postgres(TEST, async |database| {
                        let server = Server::start(&database.url);
                        super::$name(Client::connect(server.address()).await, $($file),+).await;
                    })
                    .await;
                }
            }
        }
    )+};
}
