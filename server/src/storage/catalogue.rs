//! The catalogue and the settings of a tenant, kept in memory for as long as the database says that it has not changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use sea_orm::ConnectionTrait;
use usher_domain::access::Organisation;
use usher_domain::catalogue::Catalogue;
use usher_domain::ids::{Revision, TenantId};
use usher_domain::snapshot::{Snapshot, TenantSettings};

use super::error::StoreError;
use super::moment::Moment;
use super::{plans, products, rules, tenants};

/// What changes rarely and every command needs.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    pub(crate) settings: TenantSettings,
    pub(crate) organisation: Arc<Organisation>,
    pub(crate) catalogue: Arc<Catalogue>,
}

impl Ground {
    /// The ground as it was at a revision, with nobody on it.
    pub(crate) fn snapshot(self, revision: Revision) -> Snapshot {
        let mut snapshot = Snapshot::new(self.settings, revision, self.catalogue);
        snapshot.organisation = self.organisation;
        snapshot
    }
}

type Newest = HashMap<TenantId, (Revision, Ground)>;

/// The newest ground of each tenant that this process has seen, with the revision that made it.
#[derive(Debug, Default)]
pub(crate) struct Catalogues {
    newest: Mutex<Newest>,
}

impl Catalogues {
    /// The ground made by `catalogue_rev`, which the transaction sees as the newest one.
    pub(crate) async fn current(
        &self,
        connection: &impl ConnectionTrait,
        tenant: TenantId,
        catalogue_rev: Revision,
    ) -> Result<Ground, StoreError> {
        if let Some((made_by, ground)) = self.newest().get(&tenant)
            && *made_by == catalogue_rev
        {
            return Ok(ground.clone());
        }
        let ground = load_ground(connection, tenant, Moment::Live).await?;
        self.keep(tenant, catalogue_rev, ground.clone());
        Ok(ground)
    }

    /// Keeps what was committed, unless something newer is kept already.
    pub(crate) fn keep(&self, tenant: TenantId, made_by: Revision, ground: Ground) {
        let mut newest = self.newest();
        let kept = newest.get(&tenant).map(|(made_by, _)| *made_by);
        if kept.is_none_or(|kept| kept < made_by) {
            newest.insert(tenant, (made_by, ground));
        }
    }

    /// The newest catalogue that is kept, without asking the database.
    pub(crate) fn seen(&self, tenant: TenantId) -> Option<Arc<Catalogue>> {
        let newest = self.newest();
        let (_, ground) = newest.get(&tenant)?;
        Some(Arc::clone(&ground.catalogue))
    }

    fn newest(&self) -> MutexGuard<'_, Newest> {
        match self.newest.lock() {
            Ok(newest) => newest,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

/// Reads products, plans, rules and settings as they are or were.
pub(crate) async fn load_ground(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<Ground, StoreError> {
    let catalogue = Catalogue::new(
        products::load_products(connection, tenant, moment).await?,
        plans::load_plans(connection, tenant, moment).await?,
        rules::load_rules(connection, tenant, moment).await?,
    );
    let (settings, organisation) = tenants::load_tenant(connection, tenant, moment).await?;
    Ok(Ground {
        settings,
        organisation: Arc::new(organisation),
        catalogue: Arc::new(catalogue),
    })
}
