package dev.weir.cli;

import dev.weir.request.Attributes;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An attribute of a request as the command line says it, {@code NAME=VALUE}; the value may be empty. */
record AttributeArgument(String name, String value) {
    static final class Converter implements ITypeConverter<AttributeArgument> {
        @Override
        public AttributeArgument convert(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new TypeConversionException("`" + text + "` is not NAME=VALUE; write for example user=alice");
            }
            return new AttributeArgument(text.substring(0, equals), text.substring(equals + 1));
        }
    }

    static Attributes all(List<AttributeArgument> arguments) {
        return Attributes.of(
                arguments.stream().map(AttributeArgument::name).toArray(String[]::new),
                arguments.stream().map(AttributeArgument::value).toArray(String[]::new));
    }
}
