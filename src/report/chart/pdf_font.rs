//! The used part of the font in a PDF.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish as _, Name, Pdf, Rect, Ref, Str};
use sha2::{Digest as _, Sha256};
use subsetter::{GlyphRemapper, subset};
use ttf_parser::{RawFace, Tag};

use super::error::ChartError;
use super::font::{CAP_HEIGHT, EM, FONT, advance, face, glyph};
use super::pdf_stream::deflated;

const NAME: &str = "NotoSansSC-Regular";
const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// Thickness of the stems of a regular weight, which readers use to replace a font.
const STEM: f32 = 85.0;

/// The numbers of the parts of the font in the file.
pub struct FontRefs {
    pub font: Ref,
    pub cid: Ref,
    pub descriptor: Ref,
    pub program: Ref,
    pub to_unicode: Ref,
}

/// The glyphs that are used.
#[derive(Default)]
pub struct UsedFont {
    glyphs: GlyphRemapper,
    /// The letter of each new number.
    letters: BTreeMap<u16, char>,
    is_used: bool,
}

/// A text in the numbers of its glyphs.
pub struct Letters {
    pub codes: Vec<u8>,
    /// Whether the font has all of them.
    pub is_complete: bool,
}

impl UsedFont {
    pub fn is_empty(&self) -> bool {
        !self.is_used
    }

    /// The text, whose glyphs are used from now on.
    pub fn letters(&mut self, text: &str) -> Letters {
        self.is_used = true;
        let mut letters = Letters { codes: Vec::new(), is_complete: true };
        for letter in text.chars() {
            let old = glyph(letter);
            let new = self.glyphs.remap(old);
            if old == 0 {
                letters.is_complete = false;
            } else if *self.letters.entry(new).or_insert(letter) != letter {
                // Two letters with one glyph.
                letters.is_complete = false;
            }
            letters.codes.extend(new.to_be_bytes());
        }
        letters
    }

    /// Writes the font with these glyphs.
    ///
    /// # Errors
    /// If the font is broken.
    pub fn write(&self, pdf: &mut Pdf, refs: &FontRefs) -> Result<(), ChartError> {
        let program = self.program()?;
        let name = format!("{}+{NAME}", self.tag());
        pdf.stream(refs.program, &deflated(&program))
            .filter(Filter::FlateDecode)
            .pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        pdf.type0_font(refs.font)
            .base_font(Name(format!("{name}-Identity-H").as_bytes()))
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(refs.cid)
            .to_unicode(refs.to_unicode);
        let mut cid = pdf.cid_font(refs.cid);
        cid.subtype(CidFontType::Type0)
            .base_font(Name(name.as_bytes()))
            .system_info(SYSTEM)
            .font_descriptor(refs.descriptor);
        let widths = self.glyphs.remapped_gids().map(|old| f32::from(advance(old)));
        cid.widths().consecutive(0, widths);
        cid.finish();
        UsedFont::describe(pdf, refs, &name);
        let mut cmap = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
        for (new, letter) in &self.letters {
            cmap.pair(*new, *letter);
        }
        let cmap = deflated(cmap.finish().as_slice());
        pdf.cmap(refs.to_unicode, &cmap).filter(Filter::FlateDecode);
        Ok(())
    }

    /// The six capitals before the name of a font that is not whole: other ones for other glyphs, as programs take fonts
    /// of one name for one font (ISO 32000-1, section 9.6.4).
    fn tag(&self) -> String {
        let letters: String = self.letters.values().collect();
        Sha256::digest(letters).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
    }

    fn describe(pdf: &mut Pdf, refs: &FontRefs, name: &str) {
        let (bounds, ascent, descent) = face().map_or(([0; 4], 0, 0), |face| {
            let bounds = face.global_bounding_box();
            ([bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max], face.ascender(), face.descender())
        });
        let [left, bottom, right, top] = bounds.map(f32::from);
        pdf.font_descriptor(refs.descriptor)
            .name(Name(name.as_bytes()))
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(left, bottom, right, top))
            .italic_angle(0.0)
            .ascent(f32::from(ascent))
            .descent(f32::from(descent))
            .cap_height((CAP_HEIGHT * EM) as f32)
            .stem_v(STEM)
            .font_file3(refs.program);
    }

    /// The outlines of the used glyphs, a table of the font.
    fn program(&self) -> Result<Vec<u8>, ChartError> {
        let failed = |error: &dyn std::fmt::Display| ChartError::Draw(format!("the font cannot be cut down: {error}"));
        let font = subset(FONT, 0, &self.glyphs).map_err(|error| failed(&error))?;
        let face = RawFace::parse(&font, 0).map_err(|error| failed(&error))?;
        let table = face.table(Tag::from_bytes(b"CFF "));
        table.map(<[u8]>::to_vec).ok_or_else(|| failed(&"it has no outlines"))
    }
}
