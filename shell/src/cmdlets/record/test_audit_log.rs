//! Test-AuditLog: whether the record is as it was written.

use tonic::Request;
use usher::v1::VerifyChainRequest;
use usher::v1::audit_service_client::AuditServiceClient;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::cmdlets::{OnRefusal, refused_row};
use crate::error::{Result, ShellError};
use crate::types;

/// Test-AuditLog.
pub static TEST_AUDIT_LOG: Cmdlet = Cmdlet {
    name: "Test-AuditLog",
    synopsis: "Verifies the record of changes from its first link to its last",
    description: "Each change is linked to the one before, so that none can be changed, left out or moved without \
        breaking every later link; the first broken one is named. Whoever can write to the database can also write the \
        whole chain anew, or cut its end off. That shows only beside a link that was kept elsewhere: keep Revision and \
        Head now and then, and give them as -Revision and -Head.",
    params: &[
        Param::new("Revision", Kind::Int, "Revision of the link that was kept"),
        Param::new(
            "Head",
            Kind::Text,
            "The link that was kept: 64 hexadecimal digits",
        ),
    ],
    effect: Effect::None,
    output: &["AuditCheck"],
    single: Single::Always,
    examples: &[
        Example {
            line: "Test-AuditLog | Format-List",
            says: "Whether all changes are as they were written, and the link to keep.",
        },
        Example {
            line: "$kept = Test-AuditLog; Test-AuditLog -Revision $kept.Revision -Head $kept.Head",
            says: "Whether the record still goes on from what was kept.",
        },
    ],
    related: &["Get-AuditLog", "Compare-License"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let (host, args) = (call.host, &call.args);
    if args.has("Revision") != args.has("Head") {
        return Err(ShellError::new(
            "PARAMETER_MISSING",
            "-Revision and -Head belong together: a link is one of a revision",
        )
        .fix("Test-AuditLog shows both"));
    }
    let request = VerifyChainRequest {
        revision: args.int("Revision").unwrap_or_default(),
        chain_hash: args.text("Head").unwrap_or_default().to_owned(),
    };
    let check = host.session.connection.call(|service| async move {
        Ok(AuditServiceClient::new(service)
            .verify_chain(Request::new(request))
            .await?
            .into_inner())
    })?;
    let object = types::AUDIT_CHECK.object(&check);
    if !check.intact {
        let error = ShellError::new("AUDIT_LOG_BROKEN", check.message);
        if OnRefusal::of(args, false) == OnRefusal::Throw {
            return Err(error);
        }
        refused_row(host, error, object.clone());
    }
    Ok(Box::new(std::iter::once(Ok(object))))
}
