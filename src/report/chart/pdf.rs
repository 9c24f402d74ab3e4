//! A display list as a PDF of one page, with the used part of the font.

use std::collections::BTreeSet;

use pdf_writer::types::LineJoinStyle;
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::display::{DisplayList, DrawnMark, Paint, TextRun, UNITS, UnitPoint};
use super::error::ChartError;
use super::pdf_font::{FontRefs, UsedFont};
use super::pdf_stream::deflated;

/// Longest side of a page in points: more is refused by some readers.
const LONGEST: f64 = 14_400.0;
const FONT_NAME: Name = Name(b"F0");
/// Thousandths of opaque paint.
const OPAQUE: u16 = 1000;
/// A circle as four curves: the way from the end of each to its control point, in radii.
const CIRCLE: f32 = 0.552_284_8;

/// The numbers of the parts of the file.
const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);
const FONT: FontRefs = FontRefs {
    font: Ref::new(6),
    cid: Ref::new(7),
    descriptor: Ref::new(8),
    program: Ref::new(9),
    to_unicode: Ref::new(10),
};
const FIRST_ALPHA: i32 = 11;

/// Writes the PDF, without a date or an identifier, so that equal charts are equal files.
///
/// # Errors
/// If the font cannot be cut down to what is used, which the tests would detect.
pub fn pdf(list: &DisplayList) -> Result<Vec<u8>, ChartError> {
    let (wide, high) = list.pixels();
    let scale = list.page.sheet.point.min(LONGEST / wide.max(high));
    let mut painter = Painter { content: Content::new(), alphas: BTreeSet::new(), font: UsedFont::default() };
    let state = [(scale / UNITS) as f32, 0.0, 0.0, -(scale / UNITS) as f32, 0.0, (high * scale) as f32];
    painter.content.save_state().transform(state).set_line_join(LineJoinStyle::RoundJoin);
    list.with_paper().for_each(|mark| painter.mark(&mark));
    painter.content.restore_state();
    let Painter { content, alphas, font } = painter;

    let mut pdf = Pdf::new();
    // pdfTeX warns of files that are newer than what it writes.
    pdf.set_version(1, 5);
    pdf.catalog(CATALOG).pages(PAGES);
    pdf.pages(PAGES).kids([PAGE]).count(1);
    let mut page = pdf.page(PAGE);
    page.media_box(Rect::new(0.0, 0.0, (wide * scale) as f32, (high * scale) as f32)).parent(PAGES).contents(CONTENT);
    // pdfTeX takes only one group for a page of several figures, and warns.
    if alphas.iter().any(|alpha| *alpha < OPAQUE) {
        page.group().transparency().color_space().device_rgb();
    }
    let mut resources = page.resources();
    if !font.is_empty() {
        resources.fonts().pair(FONT_NAME, FONT.font);
    }
    let mut states = resources.ext_g_states();
    for (reference, alpha) in (FIRST_ALPHA..).zip(&alphas) {
        states.pair(Name(alpha_name(*alpha).as_bytes()), Ref::new(reference));
    }
    states.finish();
    resources.finish();
    page.finish();
    for (reference, alpha) in (FIRST_ALPHA..).zip(&alphas) {
        let share = f32::from(*alpha) / f32::from(OPAQUE);
        pdf.ext_graphics(Ref::new(reference)).stroking_alpha(share).non_stroking_alpha(share);
    }
    let content = deflated(content.finish().as_slice());
    pdf.stream(CONTENT, &content).filter(Filter::FlateDecode);
    pdf.document_info(INFO).title(TextStr(&list.page.title)).subject(TextStr(&list.page.description));
    if !font.is_empty() {
        font.write(&mut pdf, &FONT)?;
    }
    Ok(pdf.finish())
}

fn alpha_name(thousandths: u16) -> String {
    format!("A{thousandths}")
}

/// The content of the page, in units of the display list.
struct Painter {
    content: Content,
    /// The shares of opaque paint that are used, in thousandths.
    alphas: BTreeSet<u16>,
    font: UsedFont,
}

impl Painter {
    fn mark(&mut self, mark: &DrawnMark) {
        match mark {
            DrawnMark::Lines { parts, width, paint } => {
                self.alpha(*paint);
                let [red, green, blue] = shares(*paint);
                self.content.set_stroke_rgb(red, green, blue).set_line_width(*width as f32);
                for part in parts {
                    self.path(part);
                }
                self.content.stroke();
            }
            DrawnMark::Area { corners, paint } => self.area(corners, *paint),
            DrawnMark::Disc { center, radius, paint } => {
                self.fill(*paint);
                self.circle(*center, *radius as f32);
                self.content.fill_nonzero();
            }
            DrawnMark::Text(run) => self.text(run),
        }
    }

    fn area(&mut self, corners: &[UnitPoint], paint: Paint) {
        self.fill(paint);
        self.path(corners);
        self.content.close_path().fill_nonzero();
    }

    fn fill(&mut self, paint: Paint) {
        self.alpha(paint);
        let [red, green, blue] = shares(paint);
        self.content.set_fill_rgb(red, green, blue);
    }

    /// Every mark sets it, so that none has that of the one before.
    fn alpha(&mut self, paint: Paint) {
        let thousandths = (paint.alpha * f64::from(OPAQUE)).round() as u16;
        self.alphas.insert(thousandths);
        self.content.set_parameters(Name(alpha_name(thousandths).as_bytes()));
    }

    fn path(&mut self, points: &[UnitPoint]) {
        for (index, point) in points.iter().enumerate() {
            let (x, y) = (point.0 as f32, point.1 as f32);
            if index == 0 {
                self.content.move_to(x, y)
            } else {
                self.content.line_to(x, y)
            };
        }
    }

    fn circle(&mut self, center: UnitPoint, radius: f32) {
        let (x, y, far) = (center.0 as f32, center.1 as f32, radius * CIRCLE);
        self.content.move_to(x + radius, y);
        self.content.cubic_to(x + radius, y + far, x + far, y + radius, x, y + radius);
        self.content.cubic_to(x - far, y + radius, x - radius, y + far, x - radius, y);
        self.content.cubic_to(x - radius, y - far, x - far, y - radius, x, y - radius);
        self.content.cubic_to(x + far, y - radius, x + radius, y - far, x + radius, y);
        self.content.close_path();
    }

    fn text(&mut self, run: &TextRun) {
        self.fill(run.paint);
        let letters = self.font.letters(&run.text);
        // Of a letter that the font lacks, the box does not tell which it is.
        if !letters.is_complete {
            self.content
                .begin_marked_content_with_properties(Name(b"Period"))
                .properties()
                .actual_text(TextStr(&run.text));
        }
        let (x, y) = (run.start.0 as f32, run.start.1 as f32);
        // Letters have y upwards.
        let turn = if run.is_upright { [0.0, -1.0, -1.0, 0.0, x, y] } else { [1.0, 0.0, 0.0, -1.0, x, y] };
        self.content.begin_text().set_font(FONT_NAME, run.size as f32).set_text_matrix(turn);
        self.content.show(Str(&letters.codes)).end_text();
        if !letters.is_complete {
            self.content.end_marked_content();
        }
    }
}

fn shares(paint: Paint) -> [f32; 3] {
    let (red, green, blue) = paint.rgb;
    // Three digits are more than a screen has.
    [red, green, blue].map(|part| (f32::from(part) / 255.0 * 1000.0).round() / 1000.0)
}
