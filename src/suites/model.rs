//! The shapes of published models, from `models.csv`, each with the address of the configuration that its makers publish.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::error::{Error, Place, Result};

/// The shape of a decoder-only transformer with gated feed-forward layers, untied embeddings and no biases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its name.
    #[serde(rename = "model")]
    pub name: String,
    /// Width of the residual stream.
    pub hidden: u64,
    /// Layers.
    pub layers: u64,
    /// The first of them, whose feed-forward part is dense; all of them in a model without experts.
    pub dense_layers: u64,
    /// Query heads.
    pub q_heads: u64,
    /// Heads of keys and values.
    pub kv_heads: u64,
    /// Elements of a query or key of one head, without a rotary part of its own.
    pub head_dim: u64,
    /// Elements of a value of one head.
    pub value_dim: u64,
    /// Elements that the rotary embedding turns: of those of `head_dim`, or, with a latent, besides them.
    pub rope_dim: u64,
    /// Whether queries and keys are normalised, head by head.
    pub qk_norm: bool,
    /// Width of the compressed queries of latent attention.
    pub query_latent: Option<u64>,
    /// Width of the compressed keys and values of latent attention.
    pub latent: Option<u64>,
    /// Inner width of a dense feed-forward part.
    pub feed_forward: u64,
    /// Experts among which a router chooses.
    pub experts: Option<u64>,
    /// How many it chooses for a token.
    pub active_experts: Option<u64>,
    /// Experts that every token uses.
    pub shared_experts: Option<u64>,
    /// Inner width of an expert.
    pub expert_feed_forward: Option<u64>,
    /// Entries of the vocabulary.
    pub vocabulary: u64,
    /// Where its makers publish this.
    pub source: String,
}

const FILE: &str = "src/suites/models.csv";

static MODELS: LazyLock<Vec<Model>> =
    LazyLock::new(|| parse(FILE, include_str!("models.csv")).expect("a test reads the embedded file"));

/// Every model, in the order of the file.
#[must_use]
pub fn models() -> &'static [Model] {
    &MODELS
}

/// The model of that name.
#[must_use]
pub fn model(name: &str) -> Option<&'static Model> {
    models().iter().find(|model| model.name == name)
}

/// Reads models from the text of a CSV file with a header; `file` is what errors call it.
fn parse(file: &str, text: &str) -> Result<Vec<Model>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: std::result::Result<Vec<Model>, csv::Error> = reader.deserialize().collect();
    rows.map_err(|error| Error::Data {
        place: place(file, text, &error),
        message: error.to_string(),
    })
}

/// The csv crate tells the line and the number of the field; fields of this file hold neither quotes nor commas.
fn place(file: &str, text: &str, error: &csv::Error) -> Place {
    let line = error.position().map(csv::Position::line);
    let field = match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.field(),
        _ => None,
    };
    let column = line.zip(field).and_then(|(line, field)| {
        let line = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let before = line.split(',').take(usize::try_from(field).ok()?);
        Some(before.map(|field| field.chars().count() as u64 + 1).sum::<u64>() + 1)
    });
    Place {
        file: file.to_owned(),
        line,
        column,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_clean() {
        let models = parse(FILE, include_str!("models.csv")).expect("clean");
        assert!(models.len() >= 3);
        for model in &models {
            assert!(model.source.starts_with("https://"), "{}", model.name);
            assert!(model.dense_layers <= model.layers, "{}", model.name);
            assert!(model.q_heads.is_multiple_of(model.kv_heads), "{}", model.name);
            assert_eq!(model.latent.is_some(), model.query_latent.is_some(), "{}", model.name);
            let of_experts = [model.active_experts, model.shared_experts, model.expert_feed_forward];
            assert!(
                of_experts
                    .iter()
                    .all(|field| field.is_some() == model.experts.is_some())
            );
            assert_eq!(
                model.dense_layers == model.layers,
                model.experts.is_none(),
                "{}",
                model.name
            );
        }
    }

    #[test]
    fn an_error_names_line_and_column() {
        let text = include_str!("models.csv").replace(",5120,64,", ",5120,many,");
        let error = parse("models.csv", &text).expect_err("not a number").to_string();
        assert!(error.starts_with("models.csv:3:16: "), "{error}");
    }
}
