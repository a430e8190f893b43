package dev.weir.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.weir.dropin.settings.ReferenceEnvironment;
import org.slf4j.LoggerFactory;

/** Sets how much is logged, and in which form. */
final class LogSetting {
    private LogSetting() {}

    static void apply(ReferenceEnvironment.LogStyle style) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (style.level() != null) {
            context.getLogger("dev.weir").setLevel(level(style.level()));
        }
        if (style.json() && root(context).getAppender("stderr") instanceof OutputStreamAppender<ILoggingEvent> stderr) {
            JsonEncoder encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.setWithMessage(false);
            encoder.setWithFormattedMessage(true);
            encoder.setWithArguments(false);
            encoder.start();
            stderr.stop();
            stderr.setEncoder(encoder);
            stderr.start();
        }
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** Reads a level in the words of the reference. */
    private static Level level(String word) {
        return switch (word) {
            case "warning" -> Level.WARN;
            case "fatal", "panic" -> Level.ERROR;
            default -> Level.toLevel(word);
        };
    }
}
