//! `VerifyChain`: whether the record is as it was written (R54)

use usher::v1::{ChainFault, VerifyChainRequest, VerifyChainResponse};
use usher_domain::ids::Revision;

use super::super::Api;
use super::super::status::Refusal;
use crate::convert::fields::Fields;
use crate::convert::{record, time};
use crate::storage;

/// Digits of a link in hexadecimal.
const DIGITS: usize = 64;

pub(super) async fn verify(
    api: &Api,
    request: VerifyChainRequest,
) -> Result<VerifyChainResponse, Refusal> {
    let mut fields = Fields::default();
    let kept = kept(&request, &mut fields);
    fields.check()?;

    let read = api.read(None).await?;
    let (_, revision) = read.place();
    let check = read.verify_chain_against(kept).await?;
    let last = read.last_change_at();
    Ok(VerifyChainResponse {
        intact: check.fault.is_none(),
        verified: check.verified,
        revision: revision.0,
        chain_hash: record::hex(&check.head),
        time: last.map(time::to_wire),
        fault: check.fault.map_or(ChainFault::Unspecified, fault).into(),
        broken_revision: check.broken_at.unwrap_or_default().0,
        message: message(&check, revision, kept),
    })
}

/// The link that the caller kept, if it is given whole.
fn kept(request: &VerifyChainRequest, fields: &mut Fields) -> Option<storage::Kept> {
    let text = request.chain_hash.trim();
    if text.is_empty() {
        if request.revision != 0 {
            fields.fault(
                "chain_hash",
                "Give the link that was kept for this revision.",
            );
        }
        return None;
    }
    if request.revision < 1 {
        fields.fault("revision", "Say of which revision the link is.");
    }
    let hash = record::unhex(text);
    if hash.is_none() {
        let message = format!("A link is {DIGITS} hexadecimal digits, as Get-AuditLog shows it.");
        fields.fault("chain_hash", message);
    }
    Some((Revision(request.revision), hash?))
}

fn fault(fault: storage::ChainFault) -> ChainFault {
    match fault {
        storage::ChainFault::Content => ChainFault::Content,
        storage::ChainFault::Missing => ChainFault::Missing,
        storage::ChainFault::Order => ChainFault::Order,
        storage::ChainFault::Beyond => ChainFault::Beyond,
        storage::ChainFault::Head => ChainFault::Head,
        storage::ChainFault::Kept => ChainFault::Kept,
    }
}

fn message(check: &storage::ChainCheck, revision: Revision, kept: Option<storage::Kept>) -> String {
    let at = check.broken_at.unwrap_or_default().0;
    match (check.fault, kept) {
        (None, None) => format!(
            "All {} changes are as they were written. Whether the last ones were cut off shows only \
             with a link that was kept elsewhere.",
            check.verified
        ),
        (None, Some((kept, _))) => format!(
            "All {} changes are as they were written, up to and after the link that was kept of \
             revision {}.",
            check.verified, kept.0
        ),
        (Some(storage::ChainFault::Content), _) => {
            format!("The record of revision {at} is not what was written.")
        }
        (Some(storage::ChainFault::Missing), _) => {
            format!("The record of revision {at} is missing.")
        }
        (Some(storage::ChainFault::Order), _) => {
            format!("Another record stands in the place of revision {at}.")
        }
        (Some(storage::ChainFault::Beyond), _) => format!(
            "The record of revision {at} lies after the end that the database states, revision {}.",
            revision.0
        ),
        (Some(storage::ChainFault::Head), _) => format!(
            "The records hold, but the end of the chain that the database states for revision {} is \
             another.",
            revision.0
        ),
        (Some(storage::ChainFault::Kept), Some((kept, _))) if kept > revision => format!(
            "The record ends with revision {}, and a link of revision {} was kept: its end was cut off.",
            revision.0, kept.0
        ),
        (Some(storage::ChainFault::Kept), _) => format!(
            "The chain holds in itself, but the link of revision {at} is not the one that was kept: \
             the record was written anew."
        ),
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::ListChangesRequest;

    use super::super::super::testing::{World, refused};
    use super::*;

    async fn check(world: &World, request: VerifyChainRequest) -> VerifyChainResponse {
        let answer = world.audit().verify_chain(request).await;
        answer.unwrap().into_inner()
    }

    #[tokio::test]
    async fn an_untouched_record_holds_with_and_without_a_kept_link() {
        let world = World::new().await;
        let alone = check(&world, VerifyChainRequest::default()).await;
        assert!(
            alone.intact && alone.message.contains("cut off"),
            "{alone:?}"
        );
        assert_eq!((alone.verified, alone.revision), (6, 6));
        let newest = ListChangesRequest {
            page_size: 3,
            ..ListChangesRequest::default()
        };
        let changes = world
            .audit()
            .list_changes(newest)
            .await
            .unwrap()
            .into_inner()
            .changes;
        assert_eq!(alone.chain_hash, changes[0].chain_hash);
        assert_eq!(alone.time, changes[0].time);
        let kept = VerifyChainRequest {
            revision: changes[2].revision,
            chain_hash: changes[2].chain_hash.to_uppercase(),
        };
        assert!(check(&world, kept).await.intact);
    }

    #[tokio::test]
    async fn a_rewritten_record_and_a_cut_one_show_with_the_kept_link_only() {
        let world = World::new().await;
        let whole = check(&world, VerifyChainRequest::default()).await;
        let kept = || VerifyChainRequest {
            revision: whole.revision,
            chain_hash: whole.chain_hash.clone(),
        };
        world
            .meddle(
                "DELETE FROM records WHERE revision = 6; \
                 UPDATE heads SET revision = 5, chain_hash = (SELECT hash FROM records WHERE revision = 5)",
            )
            .await;
        assert!(check(&world, VerifyChainRequest::default()).await.intact);
        let cut = check(&world, kept()).await;
        assert_eq!((cut.fault(), cut.broken_revision), (ChainFault::Kept, 6));
        assert!(cut.message.contains("cut off"), "{}", cut.message);
        let wrong = VerifyChainRequest {
            revision: 5,
            ..kept()
        };
        let wrong = check(&world, wrong).await;
        assert_eq!(
            (wrong.fault(), wrong.broken_revision),
            (ChainFault::Kept, 5)
        );
    }

    #[tokio::test]
    async fn half_a_link_is_refused() {
        let world = World::new().await;
        for (revision, hash) in [(3, ""), (0, &*"ab".repeat(32)), (3, "xyz"), (3, "é")] {
            let request = VerifyChainRequest {
                revision,
                chain_hash: hash.to_owned(),
            };
            let answer = world.audit().verify_chain(request).await;
            refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
        }
    }
}
