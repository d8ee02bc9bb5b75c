using System.Security.Cryptography;
using System.Text;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>The types of files that a record takes.</summary>
public enum FileType
{
    Pdf,
    Jpeg,
    Png,
    Text,
}

/// <summary>What is known of a file once it was read through.</summary>
internal sealed record FileContent(FileType Type, int Size, byte[] Hash);

internal static class FileTypes
{
    private static readonly (FileType Type, byte[] Begins, string MediaType, string[] Endings)[] Known =
    [
        (FileType.Pdf, [.. "%PDF-"u8], "application/pdf", [".pdf"]),
        (FileType.Jpeg, [0xFF, 0xD8, 0xFF], "image/jpeg", [".jpg", ".jpeg", ".jpe", ".jfif"]),
        (FileType.Png, [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A], "image/png", [".png"]),
        (FileType.Text, [], "text/plain", [".txt", ".text", ".csv", ".md", ".log"]),
    ];

    public static string MediaTypeOf(FileType type) => Known.Single(known => known.Type == type).MediaType;

    /// <summary>
    /// The name with an ending of the type; null where it has one that says
    /// otherwise: people who open it trust the name.
    /// </summary>
    public static string? NameFor(FileType type, string name)
    {
        var endings = Known.Single(known => known.Type == type).Endings;
        var ending = Path.GetExtension(name);
        return ending.Length <= 1 ? $"{name.TrimEnd('.')}{endings[0]}"
            : endings.Contains(ending, StringComparer.OrdinalIgnoreCase) ? name
            : null;
    }

    /// <summary>Reads a file through: its type by its content, or null where it is none of those known.</summary>
    public static async Task<FileContent?> ReadAsync(Stream file, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (chunk, size, type, text) = (new byte[AttachmentChunk.Length], 0, (FileType?)null, new TextCheck());
        int read;
        while ((read = await file.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, ct)) > 0)
        {
            var bytes = chunk.AsSpan(0, read);
            if (size == 0)
                type = Binary(bytes);
            if (type is null && !text.Take(bytes))
                return null;
            hash.AppendData(bytes);
            size += read;
        }

        if (type is null && !text.Ends())
            return null;
        return new(type ?? FileType.Text, size, hash.GetHashAndReset());
    }

    private static FileType? Binary(ReadOnlySpan<byte> bytes)
    {
        foreach (var (type, begins, _, _) in Known)
            if (begins.Length > 0 && bytes.StartsWith(begins))
                return type;
        return null;
    }

    /// <summary>Whether bytes are text in UTF-8, without control characters.</summary>
    private sealed class TextCheck
    {
        private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        private readonly char[] _letters = new char[AttachmentChunk.Length + 1];

        public bool Take(ReadOnlySpan<byte> bytes) => Decode(bytes, flush: false);

        /// <summary>Whether the last letter is whole.</summary>
        public bool Ends() => Decode([], flush: true);

        private bool Decode(ReadOnlySpan<byte> bytes, bool flush)
        {
            try
            {
                var letters = _letters.AsSpan(0, _decoder.GetChars(bytes, _letters, flush));
                foreach (var letter in letters)
                    if (char.IsControl(letter) && letter is not ('\t' or '\n' or '\r' or '\f'))
                        return false;
                return true;
            }
            catch (DecoderFallbackException)
            {
                return false;
            }
        }
    }
}

/// <summary>The name of a file as it is kept: a name, and no path, on any system.</summary>
internal static class FileNames
{
    private const int MaxLength = 120;

    public static string Clean(string? sent)
    {
        var name = InputText.CleanName(sent ?? "");
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        name = string.Concat(
                name.Select(letter => char.IsControl(letter) || "<>:\"|?*;%".Contains(letter) ? '_' : letter)
            )
            .Trim(' ', '.');
        if (name.Length > MaxLength)
        {
            var ending = Path.GetExtension(name) is { Length: <= 10 } short_ ? short_ : "";
            var stem = name[..(MaxLength - ending.Length)];
            name = (char.IsHighSurrogate(stem[^1]) ? stem[..^1] : stem) + ending;
        }

        return name.Length == 0 ? "document" : name;
    }
}
