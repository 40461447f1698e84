using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DevOps.Architecture.Tests;

/// <summary>Writes what an assembly shows to its users: a line for each type and member, in ordinal order.</summary>
internal static class ApiText
{
    private static readonly SymbolDisplayFormat Format = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.StaticMethod,
        SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeModifiers | SymbolDisplayParameterOptions.IncludeExtensionThis,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    internal static string Write(string package)
    {
        CSharpCompilation compilation = CSharpCompilation.Create("api", references: Checkout.References);
        IAssemblySymbol assembly = compilation.References.Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().Single(symbol => symbol.Name == package);
        StringBuilder text = new();
        foreach (INamedTypeSymbol type in TypesIn(assembly.GlobalNamespace).OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal))
        {
            WriteType(text, type);
        }

        return text.ToString();
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol scope) => scope.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol inner => TypesIn(inner),
        INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public } type => TypesIn(type).Prepend(type),
        _ => [],
    });

    private static void WriteType(StringBuilder text, INamedTypeSymbol type)
    {
        string modifiers = type is { TypeKind: TypeKind.Class, IsStatic: true } ? "static " : type is { TypeKind: TypeKind.Class, IsAbstract: true } ? "abstract " : type is { TypeKind: TypeKind.Class, IsSealed: true } ? "sealed " : "";
        string kind = (type.IsRecord ? "record " : "") + type.TypeKind.ToString().ToLowerInvariant();
        IEnumerable<string> bases = type.TypeKind == TypeKind.Enum ? [] : type.Interfaces.Select(i => i.ToDisplayString(Format)).Order(StringComparer.Ordinal);
        if (type.BaseType is { SpecialType: SpecialType.None } parent)
        {
            bases = bases.Prepend(parent.ToDisplayString(Format));
        }

        string list = string.Join(", ", bases);
        text.Append($"{modifiers}{kind} {type.ContainingNamespace}.{type.ToDisplayString(Format)}{(list.Length > 0 ? " : " + list : "")}\n");
        foreach (string member in type.GetMembers().Where(IsShown).Select(member => member.ToDisplayString(Format)).Order(StringComparer.Ordinal))
        {
            text.Append($"  {member}\n");
        }
    }

    // What the compiler adds to records and enums says nothing that the first line did not.
    private static bool IsShown(ISymbol member) =>
        member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && member is not INamedTypeSymbol
        && member is not IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove }
        && !member.Name.StartsWith('<')
        && !(member is IMethodSymbol { Name: "PrintMembers" or "Deconstruct" or "op_Equality" or "op_Inequality" or "GetHashCode" } && member.ContainingType.IsRecord)
        && !(member is IMethodSymbol { MethodKind: MethodKind.Constructor } && member.ContainingType.TypeKind == TypeKind.Enum);
}
