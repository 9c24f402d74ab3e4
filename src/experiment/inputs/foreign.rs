//! Files that are not CSV with commas: compressed files, other encodings, other separators.

use crate::experiment::diagnostics::Problem;

/// A format, the first bytes of its files, and what to do.
type ForeignFormat = (&'static str, &'static [u8], &'static str);

const FORMATS: &[ForeignFormat] = &[
    ("gzip", b"\x1f\x8b", "unpack it first: gunzip -k FILE"),
    ("zstd", b"\x28\xb5\x2f\xfd", "unpack it first: zstd -d FILE"),
    ("xz", b"\xfd7zXZ\0", "unpack it first: unxz -k FILE"),
    ("bzip2", b"BZh", "unpack it first: bunzip2 -k FILE"),
    ("zip, as spreadsheets are", b"PK\x03\x04", "unpack it, or save the sheet as CSV"),
    ("Parquet", b"PAR1", "write its columns to a CSV file"),
    ("UTF-16", b"\xff\xfe", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > utf8.csv"),
    ("UTF-16", b"\xfe\xff", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > utf8.csv"),
    ("UTF-16", b"t\0i\0", "save it as UTF-8: iconv -f UTF-16LE -t UTF-8 FILE > utf8.csv"),
    ("UTF-16", b"d\0e\0", "save it as UTF-8: iconv -f UTF-16LE -t UTF-8 FILE > utf8.csv"),
];

/// The format of a file that is not CSV, by its first bytes.
pub(super) fn format(bytes: &[u8]) -> Option<&'static ForeignFormat> {
    FORMATS.iter().find(|(_, beginning, _)| bytes.starts_with(beginning))
}

/// The error of a file of a known format.
pub(super) fn problem(name: &str, bytes: &[u8]) -> Problem {
    let (format, _, help) = format(bytes).unwrap_or(&FORMATS[0]);
    Problem::new(format!("`{name}` is not CSV, but {format}")).help(help.replace("FILE", name))
}

/// Separators other than commas, and their names.
const SEPARATORS: [(char, &str); 4] = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars"), (' ', "spaces")];

/// The separator of a line without commas, or with decimal commas: the character, and its name.
pub(super) fn separator(line: &str, is_known: impl Fn(&str) -> bool) -> Option<(char, &'static str)> {
    SEPARATORS.into_iter().find(|(separator, _)| {
        let mut fields = line.split(*separator).map(|field| field.trim_matches([' ', '"']));
        let has_several = line.trim().contains(*separator);
        has_several
            && match separator {
                ' ' => fields.any(&is_known),
                _ => fields.any(|field| is_known(field) || is_number(&field.replace(',', "."))),
            }
    })
}

/// A line with commas between the fields and points in the numbers.
pub(super) fn with_commas(line: &str, separator: char) -> String {
    let fields = line.trim().split(separator).filter(|field| separator != ' ' || !field.is_empty());
    fields.map(|field| field.trim().replace(',', ".")).collect::<Vec<_>>().join(",")
}

/// Whether a text is a decimal number, of any size.
pub(super) fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}
