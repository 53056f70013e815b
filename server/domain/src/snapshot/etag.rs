//! The tag of a person as read: another one after every change of the fields or of any path.

use sha2::{Digest, Sha256};

use super::Assignment;
use crate::ids::Revision;

/// The tag of a user's row and of all paths of the user, in any order.
#[must_use]
pub fn etag<'a>(from_rev: Revision, paths: impl IntoIterator<Item = &'a Assignment>) -> String {
    let mut versions: Vec<(uuid::Uuid, i64)> = paths
        .into_iter()
        .map(|path| (path.id.as_uuid(), path.from_rev.0))
        .collect();
    versions.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(from_rev.0.to_be_bytes());
    for (id, from_rev) in versions {
        hash.update(id.as_bytes());
        hash.update(from_rev.to_be_bytes());
    }
    let digest = hash.finalize();
    let (half, _) = digest.split_at(16);
    let half = <[u8; 16]>::try_from(half).map_or(0, u128::from_be_bytes);
    format!("\"{half:032x}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{World, group, of_user};
    use crate::snapshot::{AssignmentState, User};

    fn of(user: &User) -> String {
        etag(user.from_rev, &user.paths)
    }

    #[test]
    fn every_change_of_fields_or_paths_gives_another_tag_and_the_order_does_not() {
        let mut world = World::new(1, 5);
        let mut seen = vec![of(world.user(0))];
        world.change(of_user(0).adding("FULL"));
        seen.push(of(world.user(0)));
        world.change(of_user(0).adding("TALK"));
        let turned = world.user(0).paths.iter().rev();
        assert_eq!(etag(world.user(0).from_rev, turned), of(world.user(0)));
        seen.push(of(world.user(0)));
        world.give(0, "FULL", group(1), AssignmentState::Active);
        seen.push(of(world.user(0)));
        world.judge_again(0);
        seen.push(of(world.user(0)));
        world.change(of_user(0).removing("FULL"));
        seen.push(of(world.user(0)));
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }
}
