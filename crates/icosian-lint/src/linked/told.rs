//! Imports the harness's findings: files and lines become places of the files that were read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use icosian_rules::{Card, Level, Stage, Told, WrittenSpot};
use proc_macro2::LineColumn;

use super::Asked;
use super::workspace::Package;
use crate::diagnosis::{Elsewhere, Place, Spot};
use crate::engine::Looked;
use crate::shown;
use crate::{Diagnosis, Linter, SourceText, walk};

/// The files that were read, by their full paths.
pub(super) struct Files<'a> {
    linter: &'a Linter,
    looked: &'a mut Vec<Looked>,
    positions: HashMap<PathBuf, usize>,
    /// The folders of the run, and the packages that were linked.
    folders: &'a [PathBuf],
    packages: Vec<&'a Package>,
    /// Other files with labels of findings.
    others: HashMap<PathBuf, Option<Arc<SourceText>>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(linter: &'a Linter, asked: &'a mut Asked<'_>, packages: &[&'a Package]) -> Self {
        let full = |looked: &Looked| looked.path.canonicalize().ok();
        let looked = &mut *asked.looked;
        let positions =
            looked.iter().enumerate().filter_map(|(at, looked)| Some((full(looked)?, at))).collect();
        let (folders, packages) = (asked.folders, packages.to_vec());
        Self { linter, looked, positions, folders, packages, others: HashMap::new() }
    }

    pub(super) fn looked(&mut self, at: usize) -> &mut Looked {
        &mut self.looked[at]
    }

    /// Returns which of the files `spot` is in.
    pub(super) fn position(&self, spot: &WrittenSpot) -> Option<usize> {
        self.positions.get(&file(spot)?).copied()
    }

    /// Returns the file of `spot`, as reports show it.
    pub(super) fn name(&self, spot: &WrittenSpot) -> PathBuf {
        match self.position(spot) {
            Some(at) => self.looked[at].path.clone(),
            None => file(spot).map_or_else(|| PathBuf::from(&spot.file), |file| shown(&file).to_owned()),
        }
    }

    /// Returns which dataflow of a file has its name at `spot`.
    pub(super) fn dataflow_at(&self, at: usize, spot: &WrittenSpot) -> Option<usize> {
        let looked = &self.looked[at];
        let source = looked.source.as_ref()?;
        let line = |span| source.line_column(looked.bytes(span).start).0;
        looked.facts.dataflows.iter().position(|it| line(it.name_span) == spot.line as usize)
    }

    /// Imports a finding at the first of its locations in a known file, or else at `module`, or else in a file of the package that
    /// was not read before, such as a generated one. Findings outside of the run and duplicates of source findings are dropped.
    pub(super) fn tell(&mut self, told: &Told, module: &WrittenSpot) {
        let here = |spot: &&WrittenSpot| self.position(spot).is_some();
        let found = told.spots.iter().find(here).or(Some(module).filter(here)).cloned();
        let mut message = told.message.clone();
        let Some(main) = found.or_else(|| self.besides(told, module, &mut message)) else { return };
        let main = &main;
        let Some(at) = self.position(main) else { return };
        let Some(source) = self.source_at(at) else { return };
        let card = card(self.linter, &told.code);
        let label = spot(&source, main);
        let (mut others, mut elsewhere) = (Vec::new(), Vec::new());
        for other in told.spots.iter().filter(|it| *it != main) {
            if self.position(other) == Some(at) {
                others.push(spot(&source, other));
            } else if let Some(source) = self.source_of(other) {
                elsewhere.push(Elsewhere { spot: spot(&source, other), source });
            }
        }
        let quoted: Vec<_> = told.adapters.iter().map(|it| format!("`{it}`")).collect();
        let is_named = |adapter: &&String| message.contains(adapter.as_str());
        let unnamed: Vec<_> = quoted.iter().filter(|it| !is_named(it)).map(String::as_str).collect();
        if !unnamed.is_empty() {
            let also = if unnamed.len() == quoted.len() { "" } else { "also " };
            message = format!("{message} ({also}under {})", unnamed.join(" and "));
        }
        let diagnosis = Diagnosis {
            card,
            level: self.linter.settings().level(card),
            source,
            message,
            label,
            others,
            elsewhere,
            help: told.help.clone(),
            patch: None,
            is_linked: true,
        };
        let looked = &mut self.looked[at];
        if !looked.diagnoses.iter().any(|known| is_same(known, &diagnosis)) {
            looked.diagnoses.push(diagnosis);
        }
    }

    /// Returns the location of a finding in no known file, if its package is part of the run. An existing file is added; a missing
    /// one is replaced by the root of the library.
    fn besides(&mut self, told: &Told, module: &WrittenSpot, message: &mut String) -> Option<WrittenSpot> {
        let package = *self.packages.iter().find(|it| Path::new(&module.package) == it.folder)?;
        let library = package.library.as_ref()?;
        let root = &library.root;
        // The library may lie outside of its package, and the package outside of its workspace.
        let places = [&library.real_root, &package.real_folder, &package.folder];
        let is_asked_for = self.folders.iter().any(|it| places.iter().any(|place| place.starts_with(it)));
        for spot in told.spots.iter().filter(|it| it.package == module.package).chain([module]) {
            let Some(file) = file(spot) else { continue };
            let is_below = self.folders.iter().any(|it| file.starts_with(it));
            if (is_asked_for || is_below)
                && !walk::is_left_out(&file, self.linter.settings())
                && self.add(file)
            {
                return Some(spot.clone());
            }
        }
        if file(module).is_some() || !is_asked_for {
            return None;
        }
        let spot =
            WrittenSpot { file: root.display().to_string(), line: 1, column: 1, width: 0, ..module.clone() };
        if self.position(&spot).is_none() && !self.add(root.clone()) {
            return None;
        }
        *message = format!("{message} (in `{}`, which cannot be read)", module.file);
        Some(spot)
    }

    /// Adds a file; returns whether it can be read.
    fn add(&mut self, file: PathBuf) -> bool {
        let Some(looked) = self.linter.look_besides(shown(&file)) else { return false };
        self.positions.insert(file, self.looked.len());
        self.looked.push(looked);
        true
    }

    fn source_at(&mut self, at: usize) -> Option<Arc<SourceText>> {
        let looked = &mut self.looked[at];
        if looked.source.is_none() {
            let text = std::fs::read_to_string(&looked.path).ok()?;
            looked.source = Some(Arc::new(SourceText::new(&looked.path, text)));
        }
        looked.source.clone()
    }

    fn source_of(&mut self, spot: &WrittenSpot) -> Option<Arc<SourceText>> {
        if let Some(at) = self.position(spot) {
            return self.source_at(at);
        }
        let file = file(spot)?;
        let read = |file: &PathBuf| {
            let text = std::fs::read_to_string(file).ok()?;
            Some(Arc::new(SourceText::new(shown(file), text)))
        };
        self.others.entry(file).or_insert_with_key(read).clone()
    }
}

/// Returns whether both stages say this: the same rule, at a place that both speak of.
fn is_same(known: &Diagnosis, told: &Diagnosis) -> bool {
    let places = |it: &Diagnosis| {
        std::iter::once(&it.label).chain(&it.others).map(|spot| spot.place().bytes()).collect::<Vec<_>>()
    };
    let (known_places, told_places) = (places(known), places(told));
    let meet = known_places.iter().any(|a| told_places.iter().any(|b| a.start < b.end && b.start < a.end));
    // Of what was linked, two may well be at one place.
    known.card.code == told.card.code && meet && (known.message == told.message || !known.is_linked)
}

fn spot(source: &SourceText, written: &WrittenSpot) -> Spot {
    let (line, column, width) =
        (written.line as usize, (written.column as usize).saturating_sub(1), written.width as usize);
    let (start, end) = (LineColumn { line, column }, LineColumn { line, column: column + width });
    Spot::new(Place::new(source, source.bytes(start, end)), written.text.clone())
}

/// Returns the full path of the file of `spot`: the compiler names it from the package's folder, or from one around it.
fn file(spot: &WrittenSpot) -> Option<PathBuf> {
    let package = Path::new(&spot.package);
    package.ancestors().find_map(|folder| folder.join(&spot.file).canonicalize().ok())
}

/// Returns the card of a code. Decorators of others have codes of their own, which no rule is about.
fn card(linter: &Linter, code: &str) -> &'static Card {
    static OTHERS: Mutex<Vec<&'static Card>> = Mutex::new(Vec::new());
    let first = code.split(' ').next().unwrap_or(code);
    if let Some(card) = linter.cards().find(|card| card.code == first) {
        return card;
    }
    let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(card) = others.iter().find(|card| card.code == first) {
        return card;
    }
    // Each is made once, and codes are few.
    let name = first.rsplit("::").next().unwrap_or(first).replace('_', "-");
    let made = Card::new(first.to_owned().leak(), name.leak(), Level::Deny, Stage::Plan);
    let made: &'static Card = Box::leak(Box::new(made));
    others.push(made);
    made
}
