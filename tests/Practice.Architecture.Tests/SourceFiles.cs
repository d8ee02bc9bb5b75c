using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using TypeDefinition = Mono.Cecil.TypeDefinition;

namespace Practice.Architecture.Tests;

/// <summary>
/// Which source files a type was written in, by the debug symbols. They note it for each line of code, and for each
/// type that has no line of its own: an interface, an enum, a record or a class without a body.
/// </summary>
internal sealed class SourceFiles : IDisposable
{
    /// <summary>The kind of debug information that names a type's documents; Roslyn defines it.</summary>
    private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly MetadataReaderProvider _provider;
    private readonly MetadataReader _symbols;

    public SourceFiles(Project project)
    {
        _provider = MetadataReaderProvider.FromPortablePdbStream(
            File.OpenRead(Path.ChangeExtension(project.Assembly.Location, ".pdb"))
        );
        _symbols = _provider.GetMetadataReader();
    }

    public void Dispose() => _provider.Dispose();

    /// <summary>All files of a type and of what lies in it; of a partial type there are several.</summary>
    public IReadOnlyList<string> Of(TypeDefinition type) =>
        [
            .. type
                .Methods.Where(method => method.DebugInformation.HasSequencePoints)
                .Select(method => method.DebugInformation.SequencePoints[0].Document.Url)
                .Concat(Noted(type))
                .Concat(type.NestedTypes.SelectMany(Of))
                .Distinct(),
        ];

    private IEnumerable<string> Noted(TypeDefinition type)
    {
        foreach (
            var handle in _symbols.GetCustomDebugInformation(
                MetadataTokens.TypeDefinitionHandle((int)type.MetadataToken.RID)
            )
        )
        {
            var information = _symbols.GetCustomDebugInformation(handle);
            if (_symbols.GetGuid(information.Kind) != TypeDocuments)
                continue;
            var documents = _symbols.GetBlobReader(information.Value);
            while (documents.RemainingBytes > 0)
            {
                var document = _symbols.GetDocument(MetadataTokens.DocumentHandle(documents.ReadCompressedInteger()));
                yield return _symbols.GetString(document.Name);
            }
        }
    }
}
