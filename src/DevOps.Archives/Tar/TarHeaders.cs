namespace DevOps.Archives.Tar;

/// <summary>The headers of a member as they stand before its content: a PAX header with its records where one is needed, then the USTAR header.</summary>
internal static class TarHeaders
{
    /// <summary>Lays out the headers of a member.</summary>
    /// <param name="member">The member.</param>
    /// <param name="buffer">Room for them, at least 512 bytes; where that does not do, they get an array of their own.</param>
    /// <exception cref="ArgumentException">A link has no target.</exception>
    internal static ReadOnlyMemory<byte> Write(TarMember member, byte[] buffer)
    {
        if (member.Kind is TarMemberKind.SymbolicLink or TarMemberKind.HardLink && string.IsNullOrEmpty(member.LinkTarget))
        {
            throw new ArgumentException($"The link '{member.Path}' has no target.", nameof(member));
        }

        Span<byte> header = stackalloc byte[UstarHeader.Length];
        if (UstarHeader.Write(header, member) is not { } records)
        {
            header.CopyTo(buffer);
            return buffer.AsMemory(0, UstarHeader.Length);
        }

        byte[] text = PaxRecords.Write(records);
        int padded = (text.Length + UstarHeader.Length - 1) / UstarHeader.Length * UstarHeader.Length;
        byte[] all = new byte[(2 * UstarHeader.Length) + padded];
        UstarHeader.WriteExtended(all.AsSpan(0, UstarHeader.Length), text.Length);
        text.CopyTo(all, UstarHeader.Length);
        header.CopyTo(all.AsSpan(all.Length - UstarHeader.Length));
        return all;
    }
}
