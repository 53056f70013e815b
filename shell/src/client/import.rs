//! Sending a file of rows: the header first, then a thousand rows a message.

use tokio_stream::Stream;
use usher::MAX_ROWS_PER_MESSAGE;
use usher::v1::{ImportHeader, ImportRow};

/// Messages of an import.
pub type ImportStream<M> = std::pin::Pin<Box<dyn Stream<Item = M> + Send>>;

/// The messages that carry these rows; `message` makes one of its parts.
pub fn import_stream<M: Send + 'static>(
    header: ImportHeader,
    rows: Vec<ImportRow>,
    message: impl Fn(Option<ImportHeader>, Vec<ImportRow>) -> M + Send + 'static,
) -> ImportStream<M> {
    let mut header = Some(header);
    let mut rows = rows.into_iter();
    let messages = std::iter::from_fn(move || {
        let chunk: Vec<ImportRow> = rows.by_ref().take(MAX_ROWS_PER_MESSAGE).collect();
        (header.is_some() || !chunk.is_empty()).then(|| message(header.take(), chunk))
    });
    Box::pin(tokio_stream::iter(messages))
}

#[cfg(test)]
mod tests {
    use tokio_stream::StreamExt;

    use super::*;

    #[test]
    fn the_header_goes_first_and_no_message_carries_too_many() {
        let rows = (0..2_500)
            .map(|line| ImportRow {
                line,
                cells: Vec::new(),
            })
            .collect();
        let stream = import_stream(ImportHeader::default(), rows, |header, rows| {
            (header.is_some(), rows.len())
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let sent: Vec<_> = runtime.block_on(stream.collect());
        assert_eq!(sent, [(true, 1_000), (false, 1_000), (false, 500)]);
    }

    #[test]
    fn an_empty_file_still_sends_its_header() {
        let stream = import_stream(ImportHeader::default(), Vec::new(), |header, rows| {
            (header.is_some(), rows.len())
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let sent: Vec<_> = runtime.block_on(stream.collect());
        assert_eq!(sent, [(true, 0)]);
    }
}
