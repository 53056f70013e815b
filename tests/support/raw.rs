//! Calls without generated clients: any call by its path, with any metadata and any bytes. What the
//! contract says of a call is read from its descriptor.

use std::net::SocketAddr;

use prost::Message;
use prost::bytes::{Buf as _, BufMut as _};
use prost_types::FileDescriptorSet;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

struct Bytes;

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let length = buffer.remaining();
        Ok(Some(buffer.copy_to_bytes(length).to_vec()))
    }
}

/// A connection with what is told on each call.
#[derive(Clone)]
pub struct Raw {
    channel: Channel,
    metadata: Vec<(&'static str, String)>,
}

impl Raw {
    /// Connects to a server.
    ///
    /// # Panics
    /// If the server does not answer.
    pub async fn connect(address: SocketAddr) -> Self {
        let channel = Endpoint::from_shared(format!("http://{address}"))
            .expect("a socket address is a valid endpoint")
            .connect()
            .await
            .unwrap_or_else(|error| panic!("no connection to {address}: {error}"));
        Self {
            channel,
            metadata: Vec::new(),
        }
    }

    /// The same connection, with this told on each call.
    #[must_use]
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.metadata.push((name, value.to_owned()));
        other
    }

    /// The same connection, with a token.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// The messages that a call answers one message with.
    ///
    /// # Errors
    /// What the service or the connection says.
    ///
    /// # Panics
    /// If the path or the metadata cannot be sent.
    pub async fn call(&self, path: &str, message: Vec<u8>) -> Result<Vec<Vec<u8>>, Status> {
        let mut request = Request::new(tokio_stream::once(message));
        for (name, value) in &self.metadata {
            let value = value.parse().expect("the metadata can be sent");
            request.metadata_mut().append(*name, value);
        }
        let mut grpc = Grpc::new(self.channel.clone());
        grpc.ready()
            .await
            .map_err(|error| Status::unavailable(error.to_string()))?;
        let path = path.parse().expect("the path can be sent");
        let mut answers = grpc.streaming(request, path, Bytes).await?.into_inner();
        let mut messages = Vec::new();
        while let Some(message) = answers.message().await? {
            messages.push(message);
        }
        Ok(messages)
    }

    /// The one message that a call answers, as what it is.
    ///
    /// # Errors
    /// What the service or the connection says.
    ///
    /// # Panics
    /// If it answers another number of messages, or something else.
    pub async fn ask<Answer: Message + Default>(
        &self,
        path: &str,
        message: &impl Message,
    ) -> Result<Answer, Status> {
        let answers = self.call(path, message.encode_to_vec()).await?;
        assert_eq!(answers.len(), 1, "answers of {path}");
        Ok(Answer::decode(answers[0].as_slice()).expect("the answer is what it says it is"))
    }
}

/// The paths of all calls of the contract.
///
/// # Panics
/// If the descriptors cannot be read.
#[must_use]
pub fn calls_of_the_contract() -> Vec<String> {
    let files = FileDescriptorSet::decode(usher::DESCRIPTORS).expect("descriptors are descriptors");
    let own = files
        .file
        .iter()
        .filter(|file| file.package() == "usher.v1");
    let mut calls: Vec<String> = own
        .flat_map(|file| &file.service)
        .flat_map(|service| {
            let path = |method: &str| format!("/usher.v1.{}/{method}", service.name());
            service.method.iter().map(move |method| path(method.name()))
        })
        .collect();
    calls.sort_unstable();
    calls
}
